// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/sources/formpart.h"

class QSpinBox;

namespace pulsedeck {

class ToneLabel;

/// User and password, or where the password is read, and the database.
class LoginRows : public FormPart
{
    Q_OBJECT

public:
    /// \a original is what is edited: its password is kept while the field stays empty, for the same server only.
    LoginRows(FormRows &rows, const SourceSettings &original, QObject *parent = nullptr);

    /// Reads the password too, by the address that \a settings have.
    void read(SourceSettings &settings) const override;
    bool review(const SourceSettings &settings) override;
    bool focusSecret() override;
    QList<QLineEdit *> plainFields() const override;
    /// Of the address line: it moves to the masked field.
    void takePassword(const QString &password);

protected:
    void fillFields(const SourceSettings &settings) override;
    void showFields(SourceKind before) override;

private:
    bool keepsPassword(const SourceSettings &settings) const;

    const SourceSettings m_original;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QSpinBox *m_database;
    QWidget *m_loginRow;
    QLineEdit *m_from;
    ToneLabel *m_fromMessage;
    ToneLabel *m_note;
    bool m_touched = false;
};

} // namespace pulsedeck
