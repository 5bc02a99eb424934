// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/sqlhistory.h"

#include "app/history/historyexporter.h"
#include "app/history/historyreader.h"
#include "app/history/historyshared.h"
#include "app/history/historywriter.h"
#include "app/journal/sqljournal.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SqlHistory::SqlHistory(const QString &path, const HistoryLimits &limits, Use use, qint64 maxBytes, QObject *parent)
    : History(parent)
    , m_path(path)
    , m_shared(std::make_unique<HistoryShared>())
    , m_writer(new HistoryWriter(path, use == Use::Read ? HistoryFile::Mode::Read : HistoryFile::Mode::Write, limits, *m_shared,
                                 maxBytes))
    , m_reader(new HistoryReader(path, *m_shared))
    , m_askers(std::make_shared<Askers>())
    , m_temporary(limits.temporary)
{
    qRegisterMetaType<HistoryState>();
    qRegisterMetaType<HistoryLimits>();
    qRegisterMetaType<SharedHistoryAnswer>();
    m_state.path = m_temporary ? QString() : path;
    m_state.limits = limits;
    m_state.shown = use == Use::Read;

    m_writer->moveToThread(&m_writerThread);
    m_reader->moveToThread(&m_readerThread);
    connect(&m_writerThread, &QThread::started, m_writer, &HistoryWriter::start);
    connect(&m_writerThread, &QThread::finished, m_writer, &QObject::deleteLater);
    connect(&m_readerThread, &QThread::finished, m_reader, &QObject::deleteLater);
    connect(m_writer, &HistoryWriter::stateFound, this, &SqlHistory::takeState);
    connect(m_writer, &HistoryWriter::beganAnew, this, &History::beganAnew);
    connect(m_writer, &HistoryWriter::extended, this, [this](qint64 to) {
        m_state.to = qMax(m_state.to, to);
        m_extendedTo = to;
        if (m_extendedTimer.isActive()) {
            m_extendedDue = true;
            return;
        }
        m_extendedTimer.start();
        emit extended(to);
    });
    connect(m_reader, &HistoryReader::answered, this, &History::answered);
    connect(m_reader, &HistoryReader::unreadable, m_writer, &HistoryWriter::takeUnreadable);
    m_extendedTimer.setSingleShot(true);
    m_extendedTimer.setInterval(extendedEveryMs);
    connect(&m_extendedTimer, &QTimer::timeout, this, [this] {
        if (!std::exchange(m_extendedDue, false))
            return;
        m_extendedTimer.start();
        emit extended(m_extendedTo);
    });
    m_writerThread.setObjectName(u"history writer"_s);
    m_readerThread.setObjectName(u"history reader"_s);
    m_writerThread.start();
    m_readerThread.start();
}

SqlHistory::~SqlHistory()
{
    m_writer->disconnect(this);
    m_reader->disconnect(this);
    if (m_exporter) {
        m_exporter->disconnect(this);
        m_exporter->stop();
    }
    m_writer->postLast();
    m_writerThread.wait();
    m_readerThread.quit();
    m_readerThread.wait();
    // After the writer, which passes on what was asked for.
    m_exporterThread.quit();
    m_exporterThread.wait();
}

void SqlHistory::write(HistoryFrame frame)
{
    const auto size = qint64(frame.beats.size()) + qint64(frame.changes.size()) + qint64(frame.events.size());
    if (m_writer->post(std::move(frame)))
        return;
    m_refused += size;
    m_state.lost += size;
}

void SqlHistory::ask(HistoryQuery query, quint64 token, quint64 asker)
{
    if (asker != 0) {
        const QMutexLocker lock(&m_askers->mutex);
        m_askers->latest[asker] = token;
    }
    m_writer->post([reader = m_reader, askers = m_askers, query = std::move(query), token, asker] {
        QMetaObject::invokeMethod(
            reader,
            [reader, askers, query, token, asker] {
                if (asker != 0) {
                    const QMutexLocker lock(&askers->mutex);
                    if (askers->latest[asker] != token) {
                        emit reader->answered(token, std::make_shared<const HistoryAnswer>(SupersededAnswer()));
                        return;
                    }
                }
                reader->answer(query, token);
            },
            Qt::QueuedConnection);
    });
}

void SqlHistory::setLimits(const HistoryLimits &limits)
{
    m_state.limits.keepForMs = limits.keepForMs;
    m_state.limits.maxBytes = limits.maxBytes;
    QMetaObject::invokeMethod(
        m_writer, [writer = m_writer, kept = m_state.limits] { writer->setLimits(kept); }, Qt::QueuedConnection);
}

void SqlHistory::prune(qint64 before)
{
    QMetaObject::invokeMethod(
        m_writer, [writer = m_writer, before] { writer->prune(before); }, Qt::QueuedConnection);
}

void SqlHistory::exportSpan(qint64 from, qint64 to, const QString &path, quint64 token)
{
    if (!m_exporter)
        startExporter();
    m_writer->post([exporter = m_exporter, from, to, path, token] {
        QMetaObject::invokeMethod(
            exporter, [exporter, from, to, path, token] { exporter->exportSpan(from, to, path, token); }, Qt::QueuedConnection);
    });
}

void SqlHistory::cancelExport(quint64 token)
{
    if (m_exporter)
        m_exporter->cancel(token);
}

void SqlHistory::startExporter()
{
    m_exporter = new HistoryExporter(m_path, *m_shared);
    m_exporter->moveToThread(&m_exporterThread);
    connect(&m_exporterThread, &QThread::finished, m_exporter, &QObject::deleteLater);
    connect(m_exporter, &HistoryExporter::progressed, this, &History::exportProgressed);
    connect(m_exporter, &HistoryExporter::exported, this, &History::exported);
    connect(m_exporter, &HistoryExporter::unreadable, m_writer, &HistoryWriter::takeUnreadable);
    m_exporterThread.setObjectName(u"history export"_s);
    m_exporterThread.start();
}

void SqlHistory::takeState(HistoryState state)
{
    state.lost += m_refused;
    state.shown = m_state.shown;
    if (m_temporary)
        state.path.clear();
    m_state = state;
    emit stateChanged(m_state);
}

QString defaultHistoryPath()
{
    return QFileInfo(defaultJournalPath()).dir().filePath(u"history.sqlite"_s);
}

} // namespace pulsedeck
