// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/tokenrows.h"

#include "models/sources/secretstore.h"
#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"

#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

bool staysOnThisComputer(const QString &host)
{
    return host == "localhost"_L1 || host.startsWith("127."_L1) || host == "::1"_L1;
}

} // namespace

TokenRows::TokenRows(FormRows &rows, const SourceSettings &original, SecretStore *secrets, QObject *parent)
    : FormPart(rows, original.kind, parent)
    , m_original(original)
    , m_secrets(secrets)
{
    m_from = new SegmentedRow(tr("Where the token comes from"), &m_rows.widget());
    m_from->add(int(TokenFrom::Nowhere), tr("None"), u"tokenNone"_s);
    m_from->add(int(TokenFrom::Typed), tr("Typed"), u"tokenTyped"_s)
        ->setToolTip(tr("Type it here; it is kept until Pulsedeck closes"));
    QPushButton *keychain = m_from->add(int(TokenFrom::Keychain), tr("Keychain"), u"tokenKeychain"_s);
    keychain->setToolTip(m_secrets ? tr("Keep it in the system's keychain") : tr("There is no keychain here to keep it in"));
    keychain->setAccessibleDescription(keychain->toolTip());
    m_from->add(int(TokenFrom::Environment), tr("Environment"), u"tokenEnvironment"_s)
        ->setToolTip(tr("Read it from an environment variable"));
    m_token = m_rows.maskedEdit(u"token"_s, tr("Token"));
    m_variable = m_rows.edit(u"tokenVariable"_s, tr("Environment variable with the token"), SourceSettings().tokenVariable);
    m_rows.add(tr("To&ken"), m_token, m_from);
    m_rows.add(m_token);
    m_rows.add(m_variable);
    m_tokenMessage = m_rows.addMessage();
    m_note = m_rows.addNote();
    connect(m_from, &SegmentedRow::chosen, this, [this] {
        m_refused.clear();
        showFrom();
        emit edited();
    });
    connect(m_token, &QLineEdit::textEdited, this, [this] {
        m_touched = true;
        m_refused.clear();
        emit edited();
    });
    connect(m_variable, &QLineEdit::textEdited, this, &TokenRows::edited);
}

QList<QLineEdit *> TokenRows::plainFields() const
{
    return {m_variable};
}

void TokenRows::fillFields(const SourceSettings &settings)
{
    if (m_from->choice() < 0) { // An address that is read says nothing of the token.
        m_from->setChoice(int(settings.tokenFrom));
        m_variable->setText(settings.tokenVariable);
    }
}

TokenFrom TokenRows::from() const
{
    return TokenFrom(qMax(0, m_from->choice()));
}

bool TokenRows::keepsTyped(const SourceSettings &settings) const
{
    return !m_touched && m_original.tokenFrom == TokenFrom::Typed && !m_original.token.isEmpty()
           && m_original.address() == settings.address();
}

void TokenRows::read(SourceSettings &settings) const
{
    settings.tokenFrom = isShown() ? from() : TokenFrom::Nowhere;
    const QString variable = m_variable->text().trimmed();
    settings.tokenVariable = variable.isEmpty() ? SourceSettings().tokenVariable : variable;
    settings.token.clear();
    if (settings.tokenFrom != TokenFrom::Typed)
        return;
    // One hub's token must not be sent to another.
    settings.token = m_touched ? m_token->text().trimmed() : keepsTyped(settings) ? m_original.token : QString();
}

void TokenRows::useTyped(SourceSettings &settings) const
{
    const QString token = m_token->text().trimmed();
    if (settings.tokenFrom != TokenFrom::Keychain || token.isEmpty())
        return;
    settings.tokenFrom = TokenFrom::Typed;
    settings.token = token;
}

void TokenRows::showFields(SourceKind)
{
    m_rows.setVisible(m_from, isShown());
    m_rows.setVisible(m_note, isShown());
    showFrom();
}

void TokenRows::showFrom()
{
    const bool masked = from() == TokenFrom::Typed || from() == TokenFrom::Keychain;
    m_rows.setVisible(m_token, isShown() && masked);
    m_rows.setVisible(m_variable, isShown() && from() == TokenFrom::Environment);
}

QString TokenRows::tokenProblem() const
{
    if (!isShown())
        return {};
    if (from() == TokenFrom::Keychain && !m_secrets)
        return tr("There is no keychain here: choose where else the token comes from.");
    static const QRegularExpression name(u"^[A-Za-z_][A-Za-z0-9_]*$"_s);
    const QString variable = m_variable->text().trimmed();
    if (from() == TokenFrom::Environment && !variable.isEmpty() && !name.match(variable).hasMatch())
        return tr("The name of a variable has letters, digits and _ only. The token itself does not belong here.");
    return m_refused;
}

QString TokenRows::note(const SourceSettings &settings) const
{
    QString text;
    switch (from()) {
    case TokenFrom::Nowhere:
        return tr("It is connected without a token.");
    case TokenFrom::Typed:
        text = tr("Kept until Pulsedeck closes, and never stored.");
        if (!m_secrets)
            text += u' ' + tr("There is no keychain here to keep it in.");
        break;
    case TokenFrom::Keychain:
        text = tr("Kept in the system's keychain under “%1”, and read at each connect.").arg(settings.tokenKey());
        break;
    case TokenFrom::Environment: {
        text = tr("Read at each connect; only the name is remembered.") + u' ';
        const bool set = qEnvironmentVariableIsSet(settings.tokenVariable.toLocal8Bit().constData());
        text += set ? tr("The variable is set.") : tr("The variable is not set for this Pulsedeck.");
        break;
    }
    }
    if (!settings.tls && !staysOnThisComputer(settings.host))
        text += u' ' + tr("Without TLS it travels unencrypted.");
    return text;
}

bool TokenRows::review(const SourceSettings &settings)
{
    // A choice that cannot be made is off, but one that was made before stays to be seen.
    m_from->button(int(TokenFrom::Keychain))->setEnabled(m_secrets || from() == TokenFrom::Keychain);
    if (from() == TokenFrom::Keychain) {
        const bool same = m_original.tokenFrom == TokenFrom::Keychain && m_original.tokenKey() == settings.tokenKey();
        m_token->setPlaceholderText(same ? tr("unchanged") : tr("as it is in the keychain"));
    } else {
        m_token->setPlaceholderText(keepsTyped(settings) ? tr("unchanged") : tr("none"));
    }
    m_note->setText(note(settings));
    const QString token = tokenProblem();
    QLineEdit *field = from() == TokenFrom::Environment ? m_variable : m_token;
    m_rows.say(m_tokenMessage, field == m_token ? m_variable : m_token, {});
    m_rows.say(m_tokenMessage, field, token);
    m_rows.setVisible(m_tokenMessage, isShown() && !token.isEmpty());
    // What the keychain said does not forbid to try again.
    return token.isEmpty() || token == m_refused;
}

bool TokenRows::focusSecret()
{
    if (!isShown())
        return false;
    if (from() == TokenFrom::Nowhere) {
        m_from->setChoice(int(TokenFrom::Typed));
        showFrom();
        emit edited();
    }
    (from() == TokenFrom::Environment ? m_variable : m_token)->setFocus(Qt::OtherFocusReason);
    return true;
}

void TokenRows::refuse(const QString &problem)
{
    m_refused = problem;
    emit edited();
    m_token->setFocus(Qt::OtherFocusReason);
}

void TokenRows::keep(const SourceSettings &settings, const std::function<void(bool)> &then)
{
    const QString key = settings.tokenKey();
    const bool known = m_original.tokenFrom == TokenFrom::Keychain && m_original.tokenKey() == key;
    const QString token = m_token->text().trimmed();
    m_refused.clear();
    if (!isShown() || settings.tokenFrom != TokenFrom::Keychain || (known && token.isEmpty())) {
        then(true);
        return;
    }
    // The answer may come when the dialog is gone.
    const auto finish = [self = QPointer<TokenRows>(this), then](const QString &problem) {
        if (!self)
            return;
        then(problem.isEmpty());
        if (!problem.isEmpty())
            self->refuse(problem);
    };
    if (token.isEmpty()) {
        m_secrets->read(key, [finish, where = settings.address()](const SecretStore::Read &read) {
            finish(read.missing ? tr("The keychain has no token for %1 yet: enter it here.").arg(where) : read.words());
        });
        return;
    }
    m_secrets->write(key, token, [finish](const QString &problem) {
        finish(problem.isEmpty() ? QString() : tr("The token was not kept: %1").arg(problem));
    });
}

} // namespace pulsedeck
