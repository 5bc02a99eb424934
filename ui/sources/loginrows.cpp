// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/loginrows.h"

#include "models/sources/secretstore.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPointer>
#include <QSignalBlocker>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int highestDatabase = 1'000'000;

} // namespace

LoginRows::LoginRows(FormRows &rows, const SourceSettings &original, SecretStore *secrets, QObject *parent)
    : FormPart(rows, original.kind, parent)
    , m_original(original)
    , m_secrets(secrets)
    , m_user(rows.edit(u"user"_s, tr("User"), u"default"_s))
    , m_password(rows.maskedEdit(u"password"_s, tr("Password")))
    , m_from(m_rows.edit(u"passwordFrom"_s, tr("Where the password is read from"),
                         tr("as typed; or keychain, env:NAME, file:/PATH")))
    , m_database(new QSpinBox(&rows.widget()))
{
    m_database->setObjectName(u"database"_s);
    m_database->setRange(0, highestDatabase);
    m_database->setAccessibleName(tr("Database"));
    m_database->setFixedWidth(px(72));
    const auto [row, layout] = m_rows.line();
    m_loginRow = row;
    layout->addWidget(m_user, 1);
    layout->addWidget(FormRows::caption(tr("Pass&word"), m_password));
    layout->addWidget(m_password, 1);
    m_rows.add(tr("&User"), m_user, m_loginRow);
    m_rows.add(tr("Read &from"), m_from, m_from);
    m_fromMessage = m_rows.addMessage();
    m_note = m_rows.addNote();
    connect(m_from, &QLineEdit::textEdited, this, [this] {
        m_refused.clear();
        emit edited();
    });
    m_rows.add(tr("&Database"), m_database, m_database);
    connect(m_user, &QLineEdit::textEdited, this, &LoginRows::edited);
    connect(m_password, &QLineEdit::textEdited, this, [this] {
        m_touched = true;
        m_refused.clear();
        emit edited(); // Another login is another connection.
    });
    connect(m_database, &QSpinBox::valueChanged, this, &LoginRows::edited);
}

void LoginRows::fillFields(const SourceSettings &settings)
{
    const QSignalBlocker quietDatabase(m_database);
    m_user->setText(settings.user);
    m_from->setText(settings.passwordFrom.text());
    m_database->setValue(settings.database);
}

/// One server's password must not be sent to another.
bool LoginRows::keepsPassword(const SourceSettings &settings) const
{
    return !m_original.password.isEmpty() && m_original.kind == settings.kind && m_original.socketPath == settings.socketPath
           && m_original.ssh == settings.ssh
           && (!settings.socketPath.isEmpty() || (m_original.host == settings.host && m_original.port == settings.port));
}

void LoginRows::read(SourceSettings &settings) const
{
    const bool shown = has(SourceField::Login);
    settings.user = shown ? m_user->text().trimmed() : QString();
    settings.passwordFrom = shown ? SecretPlace::parse(m_from->text()) : SecretPlace();
    settings.password = !shown || !settings.passwordFrom.isGiven() ? QString()
                        : m_touched                                ? m_password->text()
                        : keepsPassword(settings)                  ? m_original.password
                                                                   : QString();
    settings.database = has(SourceField::Database) ? m_database->value() : 0;
}

void LoginRows::showFields(SourceKind)
{
    m_rows.setVisible(m_loginRow, has(SourceField::Login));
    m_rows.setVisible(m_from, has(SourceField::Login));
    m_rows.setVisible(m_note, has(SourceField::Login));
    m_rows.setVisible(m_database, has(SourceField::Database));
}

bool LoginRows::review(const SourceSettings &settings)
{
    const bool given = settings.passwordFrom.isGiven();
    const bool kept = isKept(settings);
    m_password->setEnabled(given || kept);
    m_password->setPlaceholderText(kept                      ? tr("as it is in the keychain")
                                   : !given                  ? tr("read at each connect")
                                   : keepsPassword(settings) ? tr("unchanged")
                                                             : tr("none"));
    m_note->setText(kept ? tr("Kept in the system's keychain under “%1”, and read at each connect.").arg(settings.passwordKey())
                    : given ? tr("The password is kept until Pulsedeck closes and is never stored.")
                            : tr("The password is read at each connect; only its place is remembered."));
    QString problem = has(SourceField::Login) ? SecretPlace::problem(m_from->text(), true) : QString();
    if (problem.isEmpty() && kept && !m_secrets)
        problem = tr("There is no keychain here: choose where else the password comes from.");
    m_rows.say(m_fromMessage, m_from, problem.isEmpty() ? m_refused : problem);
    // What the keychain said does not forbid to try again.
    return problem.isEmpty();
}

void LoginRows::takePassword(const QString &password)
{
    m_password->setText(password);
    m_touched = true;
}

QList<QLineEdit *> LoginRows::plainFields() const
{
    return {m_from};
}

bool LoginRows::focusSecret()
{
    if (has(SourceField::Login))
        (m_password->isEnabled() ? m_password : m_from)->setFocus(Qt::OtherFocusReason);
    return has(SourceField::Login);
}

void LoginRows::useTyped(SourceSettings &settings) const
{
    if (!isKept(settings) || !m_touched || m_password->text().isEmpty())
        return;
    settings.passwordFrom = {};
    settings.password = m_password->text();
}

void LoginRows::keep(const SourceSettings &settings, const std::function<void(bool)> &then)
{
    const QString key = settings.passwordKey();
    const QString password = m_password->text();
    const bool known = isKept(m_original) && m_original.passwordKey() == key;
    m_refused.clear();
    if (!has(SourceField::Login) || !isKept(settings) || (known && password.isEmpty())) {
        then(true);
        return;
    }
    // The answer may come when the form is gone.
    const auto finish = [self = QPointer<LoginRows>(this), then](const QString &problem) {
        if (!self)
            return;
        then(problem.isEmpty());
        if (!self || problem.isEmpty())
            return;
        self->m_refused = problem;
        emit self->edited();
        self->m_password->setFocus(Qt::OtherFocusReason);
    };
    if (password.isEmpty()) {
        m_secrets->read(key, [finish, where = settings.address()](const SecretStore::Read &read) {
            finish(read.missing ? tr("The keychain has no password for %1 yet: enter it here.").arg(where) : read.words());
        });
        return;
    }
    m_secrets->write(key, password, [finish](const QString &problem) {
        finish(problem.isEmpty() ? QString() : tr("The password was not kept: %1").arg(problem));
    });
}

} // namespace pulsedeck
