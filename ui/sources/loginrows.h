// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/sources/formpart.h"

#include <functional>

class QSpinBox;

namespace pulsedeck {

class SecretStore;
class ToneLabel;

/// User and password, or where the password is read, and the database.
class LoginRows : public FormPart
{
    Q_OBJECT

public:
    /// \a original is what is edited: its password is kept while the field stays empty, for the same server only.
    /// \a secrets may be null: then no password can be kept in a keychain.
    LoginRows(FormRows &rows, const SourceSettings &original, SecretStore *secrets, QObject *parent = nullptr);

    /// Reads the password too, by the address that \a settings have.
    void read(SourceSettings &settings) const override;
    bool review(const SourceSettings &settings) override;
    bool focusSecret() override;
    QList<QLineEdit *> plainFields() const override;
    /// Puts a password that was typed for the keychain, and is not there yet, into \a settings.
    void useTyped(SourceSettings &settings) const;
    /// Writes it into the keychain if that is to be done before \a settings can be used. \a then gets whether it worked; what
    /// went wrong is shown in the form.
    void keep(const SourceSettings &settings, const std::function<void(bool)> &then);
    /// Of the address line: it moves to the masked field.
    void takePassword(const QString &password);

protected:
    void fillFields(const SourceSettings &settings) override;
    void showFields(SourceKind before) override;

private:
    bool keepsPassword(const SourceSettings &settings) const;

    static bool isKept(const SourceSettings &settings) { return settings.passwordFrom.from == SecretPlace::From::Keychain; }

    const SourceSettings m_original;
    SecretStore *m_secrets;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QLineEdit *m_from;
    QSpinBox *m_database;
    QWidget *m_loginRow;
    ToneLabel *m_fromMessage;
    ToneLabel *m_note;
    QString m_refused; ///< What the keychain said, until something is edited.
    bool m_touched = false;
};

} // namespace pulsedeck
