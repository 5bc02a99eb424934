// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/addressrows.h"

#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString usualPort(SourceKind kind)
{
    return QString::number(kind->traits()->usualPort);
}

} // namespace

AddressRows::AddressRows(FormRows &rows, SourceKind kind, QObject *parent)
    : FormPart(rows, kind, parent)
    , m_reach(new SegmentedRow(tr("Reached by"), &rows.widget()))
{
    m_reach->add(int(Reach::Host), tr("&Host and port"), u"byHost"_s);
    m_reach->add(int(Reach::Socket), tr("Uni&x socket"), u"bySocket"_s);
    m_rows.add(tr("Reached by"), nullptr, m_reach);
    connect(m_reach, &SegmentedRow::chosen, this, &AddressRows::edited);
    addHost();
    addSocket();
    m_path = m_rows.edit(u"path"_s, tr("Path"), SourceSettings().path);
    m_rows.add(tr("Pa&th"), m_path, m_path);
    m_pathMessage = m_rows.addMessage();
    addEncryption();
    addWay();
    for (QLineEdit *field : {m_host, m_port, m_socket, m_path, m_caFile, m_ssh, m_jump})
        connect(field, &QLineEdit::textEdited, this, &AddressRows::edited);
}

void AddressRows::addHost()
{
    m_host = m_rows.edit(u"host"_s, tr("Host"), u"127.0.0.1"_s);
    m_port = m_rows.edit(u"port"_s, tr("Port"));
    m_port->setFixedWidth(px(72));
    const auto [row, layout] = m_rows.line();
    m_hostRow = row;
    layout->addWidget(m_host, 1);
    layout->addWidget(FormRows::caption(tr("&Port"), m_port));
    layout->addWidget(m_port);
    m_rows.add(tr("H&ost"), m_host, m_hostRow);
    m_hostMessage = m_rows.addMessage();
}

void AddressRows::addSocket()
{
    m_socket = m_rows.edit(u"socket"_s, tr("Socket"), u"/run/redis/redis.sock"_s);
    m_socketRow = m_rows.fileLine(m_socket, tr("Socket of the server"), [this] { emit edited(); }).first;
    m_rows.add(tr("&Socket"), m_socket, m_socketRow);
    m_socketMessage = m_rows.addMessage();
}

void AddressRows::addEncryption()
{
    m_tls = new QCheckBox(tr("T&LS"), &m_rows.widget());
    m_tls->setObjectName(u"tls"_s);
    m_caFile = m_rows.edit(u"caFile"_s, tr("File of certificates to trust"), tr("the system's certificates"));
    std::tie(m_tlsRow, m_browse) = m_rows.fileLine(m_caFile, tr("Certificates to trust"), [this] { emit edited(); });
    static_cast<QHBoxLayout *>(m_tlsRow->layout())->insertWidget(0, m_tls);
    m_rows.add(tr("Encryption"), nullptr, m_tlsRow);
    m_caMessage = m_rows.addMessage();
    connect(m_tls, &QCheckBox::clicked, this, &AddressRows::edited);
}

void AddressRows::addWay()
{
    m_ssh = m_rows.edit(u"ssh"_s, tr("Through SSH host"), tr("none; or user@host:22, as ssh takes it"));
    m_ssh->setToolTip(tr("The system's own ssh leads there, with its agent, configuration and known hosts"));
    m_rows.add(tr("Through SSH host"), m_ssh, m_ssh);
    m_sshMessage = m_rows.addMessage();
    m_jump = m_rows.edit(u"jump"_s, tr("Jump host"), tr("none; or user@host:22, several with commas"));
    m_rows.add(tr("Jump host"), m_jump, m_jump);
    m_jumpMessage = m_rows.addMessage();
}

QList<QLineEdit *> AddressRows::plainFields() const
{
    return {m_host, m_port, m_path, m_ssh, m_jump};
}

void AddressRows::fillFields(const SourceSettings &settings)
{
    m_reach->setChoice(int(settings.socketPath.isEmpty() ? Reach::Host : Reach::Socket));
    m_host->setText(settings.host);
    m_port->setText(QString::number(settings.port));
    m_socket->setText(settings.socketPath);
    m_path->setText(settings.path);
    m_tls->setChecked(settings.tls);
    m_caFile->setText(settings.caFile);
    m_ssh->setText(settings.ssh.host);
    m_jump->setText(settings.ssh.jump);
}

void AddressRows::read(SourceSettings &settings) const
{
    settings.host = m_host->text().trimmed();
    settings.port = m_port->text().trimmed().toInt();
    settings.socketPath = isSocket() ? m_socket->text().trimmed() : QString();
    const QString path = m_path->text().trimmed();
    settings.path = path.isEmpty() || !has(SourceField::Path) ? SourceSettings().path : path;
    settings.tls = isEncrypted() && m_tls->isChecked();
    settings.caFile = settings.tls ? m_caFile->text().trimmed() : QString();
    settings.ssh = {};
    if (canGoBySsh() && !m_ssh->text().trimmed().isEmpty())
        settings.ssh = {m_ssh->text().trimmed(), m_jump->text().trimmed()};
}

void AddressRows::showFields(SourceKind before)
{
    m_port->setPlaceholderText(usualPort(m_kind));
    const QList<SourceKind> kinds = SourceKind::all();
    const bool usual =
        std::any_of(kinds.begin(), kinds.end(), [this](SourceKind one) { return m_port->text().trimmed() == usualPort(one); });
    if (before != m_kind && usual)
        m_port->setText(usualPort(m_kind));
    m_rows.setVisible(m_reach, has(SourceField::Host) && has(SourceField::Socket));
    m_rows.setVisible(m_hostRow, has(SourceField::Host) && !isSocket());
    m_rows.setVisible(m_socketRow, isSocket());
    m_rows.setVisible(m_path, has(SourceField::Path));
    m_rows.setVisible(m_tlsRow, isEncrypted());
    m_rows.setVisible(m_ssh, canGoBySsh());
    m_rows.setVisible(m_jump, canGoBySsh() && !m_ssh->text().trimmed().isEmpty());
}

bool AddressRows::canGoBySsh() const
{
    return has(SourceField::Way) && !isSocket();
}

bool AddressRows::isSocket() const
{
    return has(SourceField::Socket) && (!has(SourceField::Host) || m_reach->choice() == int(Reach::Socket));
}

bool AddressRows::isEncrypted() const
{
    return has(SourceField::Encryption) && !isSocket();
}

QString AddressRows::hostProblem() const
{
    const QString host = m_host->text().trimmed();
    if (host.isEmpty())
        return tr("A host is needed: a name or an address.");
    if (host.contains(u'/') || host.contains(u'@'))
        return tr("Enter the host's name only; a whole address goes into the line above.");
    if (host.contains(u'?') || host.contains(u'#'))
        return tr("A host name has no ? and no #.");
    for (const QChar c : host) {
        if (c.isSpace() || !c.isPrint())
            return tr("A host name has no spaces.");
    }
    return {};
}

QString AddressRows::pathProblem() const
{
    const QString path = m_path->text().trimmed();
    if (!has(SourceField::Path) || path.isEmpty())
        return {};
    if (!path.startsWith(u'/'))
        return tr("The path begins with /, as in %1.").arg(SourceSettings().path);
    for (const QChar c : path) {
        if (c.isSpace() || !c.isPrint() || c == u'?' || c == u'#')
            return tr("The path has no spaces, no ? and no #.");
    }
    return {};
}

bool AddressRows::review(const SourceSettings &settings)
{
    m_caFile->setEnabled(m_tls->isChecked());
    m_browse->setEnabled(m_tls->isChecked());
    const bool byHost = has(SourceField::Host) && !isSocket();
    const QString host = byHost ? hostProblem() : QString();
    bool number = false;
    const int port = m_port->text().trimmed().toInt(&number);
    const bool portWrong = byHost && (!number || port < 1 || port > 65535);
    const QString portWords = portWrong ? tr("The port is a number from 1 to 65535.") : QString();
    m_rows.say(m_hostMessage, m_host, host.isEmpty() ? portWords : host);
    setInvalid(m_host, !host.isEmpty());
    m_host->setAccessibleDescription(host);
    setInvalid(m_port, portWrong);
    m_port->setAccessibleDescription(portWords);

    const QString socketWords = isSocket() && !settings.socketPath.startsWith(u'/')
                                    ? tr("The path of a socket begins with /, as in /run/redis/redis.sock.")
                                    : QString();
    m_rows.say(m_socketMessage, m_socket, socketWords);
    const QString pathWords = pathProblem();
    m_rows.say(m_pathMessage, m_path, pathWords);
    const QString caWords = !settings.caFile.isEmpty() && !QFileInfo(settings.caFile).isReadable()
                                ? tr("This file does not exist or cannot be read.")
                                : QString();
    m_rows.say(m_caMessage, m_caFile, caWords);
    const QString sshWords = SshRoute::hostProblem(settings.ssh.host);
    m_rows.say(m_sshMessage, m_ssh, sshWords);
    const QString jumpWords = SshRoute::jumpProblem(settings.ssh.jump);
    m_rows.say(m_jumpMessage, m_jump, jumpWords);
    return host.isEmpty() && !portWrong && socketWords.isEmpty() && pathWords.isEmpty() && caWords.isEmpty() && sshWords.isEmpty()
           && jumpWords.isEmpty();
}

} // namespace pulsedeck
