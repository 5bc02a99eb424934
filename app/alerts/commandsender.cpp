// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/alerts/commandsender.h"

#include "models/core/format.h"

namespace pulsedeck {

CommandSender::CommandSender(const AlertOutlet &outlet)
    : AlertSender(outlet)
{
    m_limit.setSingleShot(true);
    m_limit.setInterval(int(outlet.timeoutMs));
    connect(&m_limit, &QTimer::timeout, this, [this] {
        m_process->kill();
        end({false, true, tr("Killed after %1").arg(exactText(m_outlet.timeoutMs))});
    });
}

CommandSender::~CommandSender()
{
    if (m_process)
        m_process->disconnect(this);
}

void CommandSender::send(const QByteArray &message)
{
    m_process = std::make_unique<QProcess>();
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_process->setStandardErrorFile(QProcess::nullDevice());
    m_process->setProgram(m_outlet.command.constFirst());
    m_process->setArguments(m_outlet.command.mid(1));
    connect(
        m_process.get(), &QProcess::errorOccurred, this,
        [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                end({false, true, tr("The program cannot be started")});
        },
        Qt::QueuedConnection);
    connect(m_process.get(), &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        if (status == QProcess::CrashExit)
            end({false, true, tr("It crashed")});
        else
            end({code == 0, true, tr("Exit code %1").arg(code)});
    });
    m_process->start();
    m_process->write(message);
    m_process->closeWriteChannel();
    m_limit.start();
}

void CommandSender::end(const AlertAttempt &attempt)
{
    if (!m_process)
        return;
    m_limit.stop();
    // It may be the one that calls.
    m_process->disconnect(this);
    QProcess *process = m_process.release();
    if (process->state() == QProcess::NotRunning)
        process->deleteLater();
    else
        connect(process, &QProcess::finished, process, &QObject::deleteLater);
    emit ended(attempt);
}

} // namespace pulsedeck
