// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/foundsystem.h"
#include "models/sources/sourcesettings.h"
#include "ui/sources/formrows.h"

#include <QWidget>

#include <functional>
#include <optional>

class QCheckBox;
class QLineEdit;

namespace pulsedeck {

class EnvironmentCards;
class FormPart;
class LoginRows;
class OwnRows;
class SecretStore;
class SegmentedRow;
class SystemList;
class SystemRows;
class TlsRows;
class TokenRows;

/// The fields of one source of any kind: an address line and the same field by field, kept in step both ways. The scheme of an
/// address chooses the kind, and the kind the fields that are shown. A password that is typed or pasted into the address moves to
/// the masked field at once; a token there is removed and refused. Errors are shown at their fields.
class SourceForm : public QWidget
{
    Q_OBJECT

public:
    /// A source that is edited keeps its kind. \a secrets may be null: then no token can be kept in a keychain.
    SourceForm(const SourceSettings &settings, SecretStore *secrets, QWidget *parent = nullptr);
    ~SourceForm() override;

    /// What the fields say. A password or token of \a settings that was not touched is kept for the same address only.
    SourceSettings settings() const;
    SourceKind kind() const { return m_kind; }
    /// The same for trying them out before they are kept: a token that is to go into the keychain is used as typed.
    SourceSettings testSettings() const;
    bool isValid() const { return m_valid; }
    void focusAddress();
    /// The field for the password or the token.
    void focusLogin();
    /// Trusts the certificate with this SHA-256 fingerprint, too.
    void trust(const QString &fingerprint);
    /// Takes an address that the server of these settings has named.
    void moveTo(const QString &address);
    /// Which systems live where the fields say, until they say another place. \a canLookAgain: lookAgainRequested() is heard.
    void showFound(const DetectionReport &report, bool canLookAgain);
    /// Whether layoutRequested() is heard.
    void setCanMakeLayout(bool can);
    /// Systems that were found and are ticked.
    int chosenSystems() const;
    /// Takes the part that showFound() fills out of the form, in detail, for a place next to it; it shows and hides itself.
    SystemList *takeSystems();
    /// Does what has to come before settings() are used, such as writing a token into the keychain. \a then gets
    /// whether it worked; the form says what did not. May call \a then before it returns.
    void keep(const std::function<void(bool)> &then);

signals:
    void validityChanged(bool valid);
    /// Something was typed or ticked.
    void edited();
    void kindChanged(pulsedeck::SourceKind kind);
    /// Look again which systems live there.
    void lookAgainRequested();
    void layoutRequested(const pulsedeck::UnknownBeats &keys);

private:
    void build(SecretStore *secrets);
    void fill(const SourceSettings &settings);
    void setKind(SourceKind kind);
    void onUrlEdited();
    /// Takes away the mark that a query leaves, once nothing more of it is typed.
    void dropBareMark();
    void onFieldEdited();
    /// Moves a password out of the address line.
    void takePassword();
    void guard(QLineEdit *field);
    void review();
    SourceSettings fields() const;

    SourceSettings m_original;
    FormRows m_rows;
    QList<FormPart *> m_parts; ///< In the order of their rows.
    LoginRows *m_login = nullptr;
    TlsRows *m_tls = nullptr;
    TokenRows *m_token = nullptr;
    OwnRows *m_own = nullptr;
    SystemRows *m_systems = nullptr;
    QLineEdit *m_url = nullptr;
    QLineEdit *m_name = nullptr;
    SegmentedRow *m_kinds = nullptr;
    EnvironmentCards *m_environment = nullptr;
    QCheckBox *m_readOnly = nullptr;
    ToneLabel *m_urlMessage = nullptr;
    ToneLabel *m_takenMessage = nullptr;
    std::optional<SourceSettings> m_foundFor; ///< What the systems on show were found for.
    SourceSettings m_steady; ///< The fields as they were before the address line was edited.
    QString m_lastUrl; ///< The address line after the last edit.
    QString m_urlProblem; ///< Set while the address line was edited last and could not be read.
    SourceKind m_kind;
    bool m_taken = false; ///< A secret was removed from a plain field.
    bool m_valid = true;
};

} // namespace pulsedeck
