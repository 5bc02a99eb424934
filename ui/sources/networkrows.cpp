// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/networkrows.h"

#include "ui/common/tonelabel.h"
#include "ui/sources/formrows.h"
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
    return QString::number(traitsOf(kind)->usualPort);
}

} // namespace

NetworkRows::NetworkRows(FormRows &rows, QObject *parent)
    : QObject(parent)
    , m_rows(rows)
{ }

void NetworkRows::addHost()
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
    for (QLineEdit *field : {m_host, m_port})
        connect(field, &QLineEdit::textEdited, this, &NetworkRows::edited);
}

void NetworkRows::addEncryption()
{
    m_tls = new QCheckBox(tr("T&LS"), &m_rows.widget());
    m_tls->setObjectName(u"tls"_s);
    m_caFile = m_rows.edit(u"caFile"_s, tr("File of certificates to trust"), tr("the system's certificates"));
    m_browse = m_rows.pushButton(tr("Browse…"));
    const auto [row, layout] = m_rows.line();
    m_tlsRow = row;
    layout->addWidget(m_tls);
    layout->addWidget(m_caFile, 1);
    layout->addWidget(m_browse);
    m_rows.add(tr("Encryption"), nullptr, m_tlsRow);
    m_caMessage = m_rows.addMessage();
    connect(m_tls, &QCheckBox::clicked, this, &NetworkRows::edited);
    connect(m_caFile, &QLineEdit::textEdited, this, &NetworkRows::edited);
    connect(m_browse, &QPushButton::clicked, this,
            [this] { m_rows.browse(m_caFile, tr("Certificates to trust"), [this] { emit edited(); }); });
}

QList<QWidget *> NetworkRows::tabOrder() const
{
    return {m_host, m_port, m_tls, m_caFile, m_browse};
}

QList<QLineEdit *> NetworkRows::plainFields() const
{
    return {m_host, m_port};
}

void NetworkRows::fill(const SourceSettings &settings)
{
    m_host->setText(settings.host);
    m_port->setText(QString::number(settings.port));
    m_tls->setChecked(settings.tls);
    m_caFile->setText(settings.caFile);
}

void NetworkRows::read(SourceSettings &settings) const
{
    settings.host = m_host->text().trimmed();
    settings.port = m_port->text().trimmed().toInt();
    settings.tls = m_shown && m_tls->isChecked();
    settings.caFile = settings.tls ? m_caFile->text().trimmed() : QString();
}

void NetworkRows::setKind(SourceKind kind, bool changes)
{
    m_port->setPlaceholderText(usualPort(kind));
    const bool usual = std::any_of(allSourceKinds.begin(), allSourceKinds.end(),
                                   [this](SourceKind one) { return m_port->text().trimmed() == usualPort(one); });
    if (changes && usual)
        m_port->setText(usualPort(kind));
}

void NetworkRows::setShown(bool shown)
{
    m_shown = shown;
    m_rows.setVisible(m_hostRow, shown);
    m_rows.setVisible(m_tlsRow, shown);
}

QString NetworkRows::portText() const
{
    return m_port->text().trimmed();
}

QString NetworkRows::hostProblem() const
{
    const QString host = m_host->text().trimmed();
    if (host.isEmpty())
        return tr("A host is needed: a name or an address.");
    if (host.contains(u'/') || host.contains(u'@'))
        return tr("Only the host's name stands here; a whole address goes into the line above.");
    if (host.contains(u'?') || host.contains(u'#'))
        return tr("A host name has no ? and no #.");
    for (const QChar c : host) {
        if (c.isSpace() || !c.isPrint())
            return tr("A host name has no spaces.");
    }
    return {};
}

bool NetworkRows::review()
{
    m_caFile->setEnabled(m_tls->isChecked());
    m_browse->setEnabled(m_tls->isChecked());
    const QString host = m_shown ? hostProblem() : QString();
    bool number = false;
    const int port = m_port->text().trimmed().toInt(&number);
    const bool portWrong = m_shown && (!number || port < 1 || port > 65535);
    const QString portWords = portWrong ? tr("The port is a number from 1 to 65535.") : QString();
    m_rows.say(m_hostMessage, m_host, host.isEmpty() ? portWords : host);
    setInvalid(m_host, !host.isEmpty());
    m_host->setAccessibleDescription(host);
    setInvalid(m_port, portWrong);
    m_port->setAccessibleDescription(portWords);

    QString caWords;
    const QString caFile = m_caFile->text().trimmed();
    if (m_shown && m_tls->isChecked() && !caFile.isEmpty() && !QFileInfo(caFile).isReadable())
        caWords = tr("This file is not there or cannot be read.");
    m_rows.say(m_caMessage, m_caFile, caWords);
    return host.isEmpty() && !portWrong && caWords.isEmpty();
}

} // namespace pulsedeck
