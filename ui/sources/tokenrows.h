// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/sources/formpart.h"

#include <functional>

namespace pulsedeck {

class SecretStore;
class SegmentedRow;
class ToneLabel;

/// Where the token of a source comes from. A token is in the masked field and in no other text.
class TokenRows : public FormPart
{
    Q_OBJECT

public:
    /// \a secrets may be null: then no token can be kept in a keychain, and the form says so. \a original is what is edited: its
    /// token is kept if the field is not touched, for the same address only.
    TokenRows(FormRows &rows, const SourceSettings &original, SecretStore *secrets, QObject *parent = nullptr);

    void read(SourceSettings &settings) const override;
    bool review(const SourceSettings &settings) override;
    /// Where no token was wanted, it is typed from now on.
    bool focusSecret() override;
    QList<QLineEdit *> plainFields() const override;

    /// Puts a token that was typed for the keychain, and is not there yet, into \a settings.
    void useTyped(SourceSettings &settings) const;
    /// Does what has to be done before \a settings can be used, writing into the keychain. \a then gets whether it worked; what
    /// went wrong is shown in the form.
    void keep(const SourceSettings &settings, const std::function<void(bool)> &then);

protected:
    void fillFields(const SourceSettings &settings) override;
    void showFields(SourceKind before) override;

private:
    bool isShown() const { return has(SourceField::Token); }
    TokenFrom from() const;
    void showFrom();
    void refuse(const QString &problem);
    bool keepsTyped(const SourceSettings &settings) const;
    QString tokenProblem() const;
    QString note(const SourceSettings &settings) const;

    const SourceSettings m_original;
    SecretStore *m_secrets;
    SegmentedRow *m_from = nullptr;
    QLineEdit *m_token = nullptr;
    QLineEdit *m_variable = nullptr;
    ToneLabel *m_tokenMessage = nullptr;
    ToneLabel *m_note = nullptr;
    QString m_refused; ///< What the keychain said, until something is edited.
    bool m_touched = false;
};

} // namespace pulsedeck
