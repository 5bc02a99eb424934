// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/sources/formpart.h"

namespace pulsedeck {

class SystemList;

/// The part of the form about the systems that live in a Redis: see SystemList. Hidden until something was looked for or set.
class SystemRows : public FormPart
{
    Q_OBJECT

public:
    SystemRows(FormRows &rows, SourceKind kind, QObject *parent = nullptr);

    SystemList &list() const { return *m_list; }
    /// Takes the list out of the form, in detail: it is placed by the caller.
    SystemList *takeList();
    void read(SourceSettings &settings) const override;
    bool review(const SourceSettings &settings) override;

protected:
    void fillFields(const SourceSettings &settings) override;
    void showFields(SourceKind before) override;

private:
    SystemList *m_list;
    bool m_taken = false; ///< The list is not in the form.
};

} // namespace pulsedeck
