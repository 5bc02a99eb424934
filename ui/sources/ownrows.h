// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/sources/formpart.h"

#include <vector>

namespace pulsedeck {

class ToneLabel;

/// The settings that only one protocol has, a line of text each: see SourceProtocol::ownSettings().
class OwnRows : public FormPart
{
    Q_OBJECT

public:
    OwnRows(FormRows &rows, SourceKind kind, QObject *parent = nullptr);

    void read(SourceSettings &settings) const override;
    bool review(const SourceSettings &settings) override;
    QList<QLineEdit *> plainFields() const override;

protected:
    void fillFields(const SourceSettings &settings) override;
    void showFields(SourceKind before) override;

private:
    struct Row
    {
        SourceKind kind;
        QString name;
        QLineEdit *field;
        QWidget *row; ///< The field, or a line that it is in.
        ToneLabel *message;
    };
    std::vector<Row> m_own; ///< Of all kinds.
};

} // namespace pulsedeck
