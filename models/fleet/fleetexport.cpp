// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetexport.h"

#include "models/core/csv.h"
#include "models/core/jsonwriter.h"
#include "models/fleet/fleetcolumns.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString cellText(const QJsonValue &value)
{
    if (value.isArray()) {
        QStringList parts;
        for (const QJsonValue &one : value.toArray())
            parts.append(cellText(one));
        return parts.join(u' ');
    }
    return value.isBool() ? (value.toBool() ? u"true"_s : u"false"_s) : value.toVariant().toString();
}

} // namespace

const QStringList &fleetCsvColumns()
{
    static const QStringList columns{
        u"source"_s,         u"kind"_s,        u"id"_s,           u"type"_s,         u"endpointHost"_s,   u"status"_s,
        u"liveness"_s,       u"beatAgeMs"_s,   u"ttlLeftMs"_s,    u"intervalMs"_s,   u"activeSessions"_s, u"lifetimeSessions"_s,
        u"pendingCommand"_s, u"clockSkewMs"_s, u"flags"_s,        u"startedAt"_s,    u"lastHeartbeat"_s,  u"key"_s,
        u"address"_s,        u"displayName"_s, u"capabilities"_s, u"registeredAt"_s, u"expiresAt"_s,      u"version"_s,
        u"system"_s,         u"host"_s,        u"pid"_s,          u"capacity"_s,     u"queues"_s,         u"ageBy"_s};
    return columns;
}

QByteArray fleetCsvLine(const QJsonObject &worker)
{
    QByteArrayList cells;
    for (const QString &column : fleetCsvColumns()) {
        const QJsonValue value = worker.value(column);
        cells.append(value.isDouble() ? cellText(value).toUtf8() : csvCell(cellText(value)));
    }
    return cells.join(',');
}

FleetExport::FleetExport(const FleetStore &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &FleetExport::writeSlice);
}

FleetExport::~FleetExport() = default; // A file that is not complete leaves nothing behind.

void FleetExport::begin(std::vector<quint32> serials, const QString &path, Format format)
{
    m_serials = std::move(serials);
    m_format = format;
    m_file = std::make_unique<QSaveFile>(path);
    if (m_file->open(QIODevice::WriteOnly))
        m_file->write(format == Format::Csv ? QByteArray(fleetCsvColumns().join(u',').toUtf8() + "\r\n") : QByteArray("["));
    m_timer.start(); // Also to tell of a failure: not before the caller has returned.
}

void FleetExport::writeSlice()
{
    if (!m_file->isOpen()) {
        end(m_file->errorString());
        return;
    }
    QByteArray text;
    const size_t until = std::min(m_serials.size(), m_next + sliceWorkers);
    for (; m_next < until; ++m_next) {
        const WorkerHandle handle = m_store.findSerial(m_serials[m_next]);
        if (handle == noWorker)
            continue;
        if (m_format == Format::Csv) {
            text += fleetCsvLine(workerJson(m_store, handle, m_store.viewNow())) + "\r\n";
        } else {
            text += m_written > 0 ? ",\n" : "\n";
            JsonWriter json(text);
            writeWorker(json, m_store, handle, m_store.viewNow());
        }
        ++m_written;
    }
    const bool last = m_next == m_serials.size();
    if (last && m_format == Format::Json)
        text += "\n]\n";
    if (m_file->write(text) != text.size() || (last && !m_file->commit()))
        end(m_file->errorString());
    else if (last)
        end({});
}

void FleetExport::end(const QString &error)
{
    m_timer.stop();
    m_file.reset();
    emit finished(error, m_written);
}

} // namespace pulsedeck
