// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/redisrows.h"

#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/formrows.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int highestDatabase = 1'000'000;

} // namespace

RedisRows::RedisRows(FormRows &rows, QObject *parent)
    : QObject(parent)
    , m_rows(rows)
{ }

void RedisRows::addReach()
{
    m_reach = new SegmentedRow(tr("Reached by"), &m_rows.widget());
    m_reach->add(int(Reach::Host), tr("&Host and port"), u"byHost"_s);
    m_reach->add(int(Reach::Socket), tr("Uni&x socket"), u"bySocket"_s);
    m_rows.add(tr("Reached by"), nullptr, m_reach);
    connect(m_reach, &SegmentedRow::chosen, this, &RedisRows::edited);
}

void RedisRows::addSocket()
{
    m_socket = m_rows.edit(u"socket"_s, tr("Socket"), u"/run/redis/redis.sock"_s);
    m_socketBrowse = m_rows.pushButton(tr("Browse…"));
    const auto [row, layout] = m_rows.line();
    m_socketRow = row;
    layout->addWidget(m_socket, 1);
    layout->addWidget(m_socketBrowse);
    m_rows.add(tr("&Socket"), m_socket, m_socketRow);
    m_socketMessage = m_rows.addMessage();
    connect(m_socket, &QLineEdit::textEdited, this, &RedisRows::edited);
    connect(m_socketBrowse, &QPushButton::clicked, this,
            [this] { m_rows.browse(m_socket, tr("The socket of a Redis server"), [this] { emit edited(); }); });
}

void RedisRows::addLogin()
{
    m_user = m_rows.edit(u"user"_s, tr("User"), u"default"_s);
    m_password = m_rows.maskedEdit(u"password"_s, tr("Password"));
    m_database = new QSpinBox(&m_rows.widget());
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
    m_loginNote = m_rows.addNote();
    m_loginNote->setText(tr("The password is kept until Pulsedeck closes and is never stored."));
    m_rows.add(tr("&Database"), m_database, m_database);
    connect(m_user, &QLineEdit::textEdited, this, &RedisRows::edited);
    connect(m_password, &QLineEdit::textEdited, this, [this] { m_passwordTouched = true; });
    connect(m_database, &QSpinBox::valueChanged, this, &RedisRows::edited);
}

QList<QWidget *> RedisRows::reachTabOrder() const
{
    return {m_reach->button(int(Reach::Host)), m_reach->button(int(Reach::Socket))};
}

QList<QWidget *> RedisRows::loginTabOrder() const
{
    return {m_socket, m_socketBrowse, m_user, m_password, m_database};
}

void RedisRows::fill(const SourceSettings &settings)
{
    const QSignalBlocker quietDatabase(m_database);
    m_reach->setChoice(int(settings.socketPath.isEmpty() ? Reach::Host : Reach::Socket));
    m_socket->setText(settings.socketPath);
    m_user->setText(settings.user);
    m_database->setValue(settings.database);
}

void RedisRows::read(SourceSettings &settings) const
{
    settings.socketPath = isSocket() ? m_socket->text().trimmed() : QString();
    settings.user = m_shown ? m_user->text().trimmed() : QString();
    settings.database = m_shown ? m_database->value() : 0;
}

void RedisRows::setShown(bool shown)
{
    m_shown = shown;
    for (QWidget *row :
         {static_cast<QWidget *>(m_reach), m_loginRow, static_cast<QWidget *>(m_loginNote), static_cast<QWidget *>(m_database)})
        m_rows.setVisible(row, shown);
    m_rows.setVisible(m_socketRow, isSocket());
}

bool RedisRows::isSocket() const
{
    return m_shown && m_reach->choice() == int(Reach::Socket);
}

bool RedisRows::review()
{
    QString words;
    if (isSocket() && !m_socket->text().trimmed().startsWith(u'/'))
        words = tr("The path of a socket begins with /, as in /run/redis/redis.sock.");
    m_rows.say(m_socketMessage, m_socket, words);
    return words.isEmpty();
}

void RedisRows::takePassword(const QString &password)
{
    m_password->setText(password);
    m_passwordTouched = true;
}

QString RedisRows::password() const
{
    return m_password->text();
}

void RedisRows::setKeepsPassword(bool keeps)
{
    m_password->setPlaceholderText(keeps ? tr("unchanged") : tr("none"));
}

void RedisRows::focusPassword()
{
    m_password->setFocus(Qt::OtherFocusReason);
}

} // namespace pulsedeck
