// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/sourceform.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int highestDatabase = 1'000'000;

/// The address with the user, so that the line says all but the password.
QString urlOf(const SourceSettings &settings)
{
    QString url = settings.address();
    if (!settings.user.isEmpty()) {
        const qsizetype at = url.indexOf("://"_L1) + 3;
        url.insert(at, QString::fromLatin1(QUrl::toPercentEncoding(settings.user)) + u'@');
    }
    return url;
}

ToneLabel *caption(const QString &text, QWidget *buddy)
{
    auto *label = new ToneLabel(text, ToneLabel::Tone::Dim);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(buddy);
    return label;
}

QHBoxLayout *rowLayout(QWidget *row)
{
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::instance().scaled(8));
    return layout;
}

} // namespace

SourceForm::SourceForm(const SourceSettings &settings, QWidget *parent)
    : QWidget(parent)
    , m_original(settings)
{
    build();
    fill(settings);
    if (settings.id != 0 || !(settings.address() == SourceSettings().address()))
        m_url->setText(urlOf(settings));
    showReach();
    review();
}

void SourceForm::build()
{
    const Theme &t = Theme::instance();
    const auto edit = [this](const QString &name, const QString &placeholder) {
        auto *field = new QLineEdit(this);
        field->setAccessibleName(name);
        field->setPlaceholderText(placeholder);
        return field;
    };
    m_url = edit(tr("Address"), u"redis://host:6379/0"_s);
    m_url->setObjectName(u"url"_s);
    m_name = edit(tr("Name"), {});
    m_name->setObjectName(u"name"_s);
    m_host = edit(tr("Host"), u"127.0.0.1"_s);
    m_host->setObjectName(u"host"_s);
    m_port = edit(tr("Port"), u"6379"_s);
    m_port->setObjectName(u"port"_s);
    m_port->setFixedWidth(t.scaled(72));
    m_socket = edit(tr("Socket"), u"/run/redis/redis.sock"_s);
    m_socket->setObjectName(u"socket"_s);
    m_user = edit(tr("User"), u"default"_s);
    m_user->setObjectName(u"user"_s);
    m_password = edit(tr("Password"), tr("none"));
    m_password->setObjectName(u"password"_s);
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoAutoUppercase
                                    | Qt::ImhNoPredictiveText);
    m_caFile = edit(tr("File of certificates to trust"), tr("the system's certificates"));
    m_caFile->setObjectName(u"caFile"_s);
    m_tls = new QCheckBox(tr("&TLS"), this);
    m_tls->setObjectName(u"tls"_s);
    m_readOnly = new QCheckBox(tr("&Read-only: nothing is ever written to this source"), this);
    m_readOnly->setObjectName(u"readOnly"_s);
    m_database = new QSpinBox(this);
    m_database->setObjectName(u"database"_s);
    m_database->setRange(0, highestDatabase);
    m_database->setAccessibleName(tr("Database"));
    m_database->setFixedWidth(t.scaled(72));

    auto *byHost = new QPushButton(tr("&Host and port"), this);
    auto *bySocket = new QPushButton(tr("Uni&x socket"), this);
    m_reach = new QButtonGroup(this);
    m_reach->addButton(byHost, int(Reach::Host));
    m_reach->addButton(bySocket, int(Reach::Socket));
    auto *reachRow = new QWidget(this);
    auto *reachLayout = rowLayout(reachRow);
    for (QPushButton *button : {byHost, bySocket}) {
        button->setCheckable(true);
        button->setAutoDefault(false);
        reachLayout->addWidget(button);
    }
    reachLayout->addStretch(1);

    m_hostRow = new QWidget(this);
    auto *hostLayout = rowLayout(m_hostRow);
    hostLayout->addWidget(m_host, 1);
    hostLayout->addWidget(caption(tr("&Port"), m_port));
    hostLayout->addWidget(m_port);

    m_socketRow = new QWidget(this);
    auto *socketLayout = rowLayout(m_socketRow);
    auto *socketBrowse = new QPushButton(tr("Browse…"), this);
    socketBrowse->setAutoDefault(false);
    socketLayout->addWidget(m_socket, 1);
    socketLayout->addWidget(socketBrowse);

    m_tlsRow = new QWidget(this);
    auto *tlsLayout = rowLayout(m_tlsRow);
    m_caBrowse = new QPushButton(tr("Browse…"), this);
    m_caBrowse->setAutoDefault(false);
    tlsLayout->addWidget(m_tls);
    tlsLayout->addWidget(m_caFile, 1);
    tlsLayout->addWidget(m_caBrowse);

    auto *loginRow = new QWidget(this);
    auto *loginLayout = rowLayout(loginRow);
    loginLayout->addWidget(m_user, 1);
    loginLayout->addWidget(caption(tr("Pass&word"), m_password));
    loginLayout->addWidget(m_password, 1);

    m_form = new QFormLayout(this);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(t.scaled(12));
    m_form->setVerticalSpacing(t.scaled(7));
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->addRow(caption(tr("&Address"), m_url), m_url);
    addMessageRow(m_urlMessage);
    m_form->addRow(caption(tr("&Name"), m_name), m_name);
    m_form->addRow(caption(tr("Reached by"), nullptr), reachRow);
    m_form->addRow(caption(tr("H&ost"), m_host), m_hostRow);
    addMessageRow(m_hostMessage);
    m_form->addRow(caption(tr("&Socket"), m_socket), m_socketRow);
    addMessageRow(m_socketMessage);
    m_form->addRow(caption(tr("Encryption"), nullptr), m_tlsRow);
    addMessageRow(m_caMessage);
    m_form->addRow(caption(tr("&User"), m_user), loginRow);
    m_form->addRow(QString(), new ToneLabel(tr("The password is kept until Pulsedeck closes and is never stored."),
                                            ToneLabel::Tone::Dim, ToneLabel::Face::Small, this));
    m_form->addRow(caption(tr("&Database"), m_database), m_database);
    m_form->addRow(QString(), m_readOnly);

    connect(m_url, &QLineEdit::textEdited, this, &SourceForm::onUrlEdited);
    for (QLineEdit *field : {m_name, m_host, m_port, m_socket, m_user, m_caFile})
        connect(field, &QLineEdit::textEdited, this, &SourceForm::onFieldEdited);
    connect(m_password, &QLineEdit::textEdited, this, [this] { m_passwordTouched = true; });
    connect(m_database, &QSpinBox::valueChanged, this, &SourceForm::onFieldEdited);
    connect(m_tls, &QCheckBox::clicked, this, &SourceForm::onFieldEdited);
    connect(m_reach, &QButtonGroup::idClicked, this, &SourceForm::onFieldEdited);
    connect(socketBrowse, &QPushButton::clicked, this,
            [this] { browse(m_socket, tr("The socket of a Redis server")); });
    connect(m_caBrowse, &QPushButton::clicked, this, [this] { browse(m_caFile, tr("Certificates to trust")); });

    QWidget *previous = m_url;
    for (QWidget *next :
         std::initializer_list<QWidget *>{m_name, byHost, bySocket, m_host, m_port, m_socket, socketBrowse, m_tls,
                                          m_caFile, m_caBrowse, m_user, m_password, m_database, m_readOnly}) {
        setTabOrder(previous, next);
        previous = next;
    }
    setFocusProxy(m_url);
}

void SourceForm::addMessageRow(ToneLabel *&label)
{
    label = new ToneLabel(ToneLabel::Tone::Stale, ToneLabel::Face::Small, this);
    label->setWrappedInForm();
    m_form->addRow(QString(), label);
    m_form->setRowVisible(label, false);
}

void SourceForm::fill(const SourceSettings &settings)
{
    const QSignalBlocker quietDatabase(m_database);
    m_name->setText(settings.name);
    m_reach->button(int(settings.socketPath.isEmpty() ? Reach::Host : Reach::Socket))->setChecked(true);
    m_host->setText(settings.host);
    m_port->setText(QString::number(settings.port));
    m_socket->setText(settings.socketPath);
    m_tls->setChecked(settings.tls);
    m_caFile->setText(settings.caFile);
    m_user->setText(settings.user);
    m_database->setValue(settings.database);
    m_readOnly->setChecked(settings.readOnly);
}

SourceSettings SourceForm::fields() const
{
    SourceSettings s = m_original;
    s.name = m_name->text().simplified();
    const bool socket = m_reach->checkedId() == int(Reach::Socket);
    s.socketPath = socket ? m_socket->text().trimmed() : QString();
    s.host = m_host->text().trimmed();
    s.port = m_port->text().trimmed().toInt();
    s.tls = !socket && m_tls->isChecked();
    s.caFile = s.tls ? m_caFile->text().trimmed() : QString();
    s.user = m_user->text().trimmed();
    s.database = m_database->value();
    s.readOnly = m_readOnly->isChecked();
    return s;
}

bool SourceForm::sameServer(const SourceSettings &other) const
{
    return m_original.socketPath == other.socketPath
           && (!other.socketPath.isEmpty() || (m_original.host == other.host && m_original.port == other.port));
}

SourceSettings SourceForm::settings() const
{
    SourceSettings s = fields();
    if (m_passwordTouched)
        s.password = m_password->text();
    else if (!sameServer(s))
        s.password.clear(); // One server's password is nothing another should be told.
    if (s.name.isEmpty())
        s.name = s.socketPath.isEmpty() ? QString(s.host + u':' + QString::number(s.port))
                                        : QFileInfo(s.socketPath).fileName();
    return s;
}

void SourceForm::focusPassword()
{
    m_password->setFocus(Qt::OtherFocusReason);
}

bool SourceForm::takePassword()
{
    const QString text = m_url->text();
    const qsizetype scheme = text.indexOf("://"_L1);
    const qsizetype from = scheme < 0 ? 0 : scheme + 3;
    const qsizetype at = text.lastIndexOf(u'@');
    const qsizetype colon = text.indexOf(u':', from);
    if (at < from || colon < 0 || colon > at)
        return false;
    m_password->setText(QUrl::fromPercentEncoding(text.mid(colon + 1, at - colon - 1).toUtf8()));
    m_passwordTouched = true;
    // Without a user nothing is left before the @. Setting the text also empties the field's undo.
    const QString cleaned = text.left(colon) + text.mid(colon == from ? at + 1 : at);
    const int cursor = qMax(0, int(m_url->cursorPosition() - (text.size() - cleaned.size())));
    m_url->setText(cleaned);
    m_url->setCursorPosition(cursor);
    return true;
}

void SourceForm::onUrlEdited()
{
    takePassword();
    QString problem;
    const std::optional<SourceSettings> read = SourceSettings::fromUrl(m_url->text(), &problem);
    m_urlProblem = read ? QString() : problem;
    if (read) {
        SourceSettings s = *read;
        s.name = m_name->text();
        s.readOnly = m_readOnly->isChecked();
        if (s.caFile.isEmpty())
            s.caFile = m_caFile->text();
        fill(s);
        showReach();
    }
    review();
}

void SourceForm::onFieldEdited()
{
    showReach();
    m_urlProblem.clear();
    const SourceSettings s = fields();
    m_url->setText(urlOf(s));
    review();
}

void SourceForm::showReach()
{
    const bool socket = m_reach->checkedId() == int(Reach::Socket);
    m_form->setRowVisible(m_hostRow, !socket);
    m_form->setRowVisible(m_socketRow, socket);
    m_form->setRowVisible(m_tlsRow, !socket);
    m_caFile->setEnabled(m_tls->isChecked());
    m_caBrowse->setEnabled(m_tls->isChecked());
}

void SourceForm::say(ToneLabel *label, QLineEdit *field, const QString &problem)
{
    setInvalid(field, !problem.isEmpty());
    field->setAccessibleDescription(problem);
    label->setText(problem);
    m_form->setRowVisible(label, !problem.isEmpty());
}

QString SourceForm::hostProblem() const
{
    const QString host = m_host->text().trimmed();
    if (host.isEmpty())
        return tr("A host is needed: a name or an address.");
    if (host.contains(u'/') || host.contains(u'@'))
        return tr("Only the host's name stands here; a whole address goes into the line above.");
    for (const QChar c : host) {
        if (c.isSpace() || !c.isPrint())
            return tr("A host name has no spaces.");
    }
    return {};
}

void SourceForm::review()
{
    const SourceSettings s = fields();
    const bool socket = m_reach->checkedId() == int(Reach::Socket);

    const QString host = socket ? QString() : hostProblem();
    bool number = false;
    const int port = m_port->text().trimmed().toInt(&number);
    const bool portWrong = !socket && (!number || port < 1 || port > 65535);
    const QString portWords = portWrong ? tr("The port is a number from 1 to 65535.") : QString();
    say(m_hostMessage, m_host, host.isEmpty() ? portWords : host);
    setInvalid(m_host, !host.isEmpty());
    setInvalid(m_port, portWrong);
    m_port->setAccessibleDescription(portWords);

    QString socketWords;
    if (socket && !s.socketPath.startsWith(u'/'))
        socketWords = tr("The path of a socket begins with /, as in /run/redis/redis.sock.");
    say(m_socketMessage, m_socket, socketWords);

    QString caWords;
    if (!s.caFile.isEmpty() && !QFileInfo(s.caFile).isReadable())
        caWords = tr("This file is not there or cannot be read.");
    say(m_caMessage, m_caFile, caWords);
    // An empty line says nothing wrong: the fields below are enough.
    say(m_urlMessage, m_url, m_url->text().isEmpty() ? QString() : m_urlProblem);

    m_name->setPlaceholderText(socket ? QFileInfo(s.socketPath).fileName()
                                      : QString(s.host + u':' + m_port->text().trimmed()));
    const bool keeps = !m_original.password.isEmpty() && sameServer(s);
    m_password->setPlaceholderText(keeps ? tr("unchanged") : tr("none"));

    const bool valid = host.isEmpty() && !portWrong && socketWords.isEmpty() && caWords.isEmpty()
                       && (m_urlProblem.isEmpty() || m_url->text().isEmpty());
    if (valid != m_valid) {
        m_valid = valid;
        emit validityChanged(valid);
    }
}

void SourceForm::browse(QLineEdit *field, const QString &title)
{
    auto *dialog = new QFileDialog(this, title, QFileInfo(field->text()).path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    // A socket is no plain file: without System it would not be listed.
    dialog->setFilter(QDir::AllEntries | QDir::System | QDir::AllDirs | QDir::NoDotAndDotDot);
    connect(dialog, &QFileDialog::fileSelected, this, [this, field](const QString &file) {
        field->setText(file);
        onFieldEdited();
    });
    dialog->open();
}

} // namespace pulsedeck
