// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/loginrows.h"

#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int highestDatabase = 1'000'000;

} // namespace

LoginRows::LoginRows(FormRows &rows, const SourceSettings &original, QObject *parent)
    : FormPart(rows, original.kind, parent)
    , m_original(original)
    , m_user(rows.edit(u"user"_s, tr("User"), u"default"_s))
    , m_password(rows.maskedEdit(u"password"_s, tr("Password")))
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
    m_from = m_rows.edit(u"passwordFrom"_s, tr("Where the password is read from"), tr("as typed; or env:NAME, file:/PATH"));
    m_rows.add(tr("Read &from"), m_from, m_from);
    m_fromMessage = m_rows.addMessage();
    m_note = m_rows.addNote();
    connect(m_from, &QLineEdit::textEdited, this, &LoginRows::edited);
    m_rows.add(tr("&Database"), m_database, m_database);
    connect(m_user, &QLineEdit::textEdited, this, &LoginRows::edited);
    connect(m_password, &QLineEdit::textEdited, this, [this] {
        m_touched = true;
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
    m_password->setEnabled(given);
    m_password->setPlaceholderText(!given ? tr("read at each connect") : keepsPassword(settings) ? tr("unchanged") : tr("none"));
    m_note->setText(given ? tr("The password is kept until Pulsedeck closes and is never stored.")
                          : tr("The password is read at each connect; only its place is remembered."));
    const QString problem = has(SourceField::Login) ? SecretPlace::problem(m_from->text()) : QString();
    m_rows.say(m_fromMessage, m_from, problem);
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

} // namespace pulsedeck
