// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"
#include "ui/sources/formrows.h"

#include <QObject>

class QLineEdit;

namespace pulsedeck {

/// Some rows of the form of a source, added when it is made. A part is there for sources of every kind: it shows the fields that
/// the kind has, and hides the others. GUI thread.
class FormPart : public QObject
{
    Q_OBJECT

public:
    FormPart(FormRows &rows, SourceKind kind, QObject *parent)
        : QObject(parent)
        , m_rows(rows)
        , m_kind(kind)
    { }

    /// Writes these settings, and their kind, into the fields. A secret is never written.
    void fill(const SourceSettings &settings)
    {
        m_kind = settings.kind;
        fillFields(settings);
    }
    /// Reads the fields; those that are hidden keep their defaults.
    virtual void read(SourceSettings &settings) const = 0;
    /// Shows what sources of this kind have. Called again when a choice in the form changes what is shown.
    void setKind(SourceKind kind)
    {
        const SourceKind before = std::exchange(m_kind, kind);
        showFields(before);
    }
    /// Says at each field what is wrong, where \a settings are the form as it is now; true if nothing is.
    virtual bool review(const SourceSettings &settings) = 0;
    /// Puts the keyboard into the field for the password or token; false if the part has none.
    virtual bool focusSecret() { return false; }
    /// Fields whose text is shown and remembered, so that a token pasted there has to be removed.
    virtual QList<QLineEdit *> plainFields() const { return {}; }

signals:
    void edited();

protected:
    virtual void fillFields(const SourceSettings &settings) = 0;
    virtual void showFields(SourceKind before) = 0;
    bool has(SourceField field) const { return m_kind->has(field); }

    FormRows &m_rows;
    SourceKind m_kind;
};

} // namespace pulsedeck
