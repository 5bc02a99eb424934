// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journalexport.h"

#include "models/core/csv.h"
#include "models/core/format.h"

#include <QJsonDocument>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int pageEntries = 2'000;

constexpr std::array<QLatin1StringView, 11> fieldNames{"at"_L1,  "kind"_L1, "source"_L1, "worker"_L1, "command"_L1, "group"_L1,
                                                       "act"_L1, "step"_L1, "by"_L1,     "reason"_L1, "text"_L1};

std::array<QString, 11> fieldsOf(const JournalEntry &entry)
{
    return {isoText(entry.at),
            journalKindName(entry.kind),
            entry.source,
            QString::fromUtf8(entry.worker),
            journalIdText(entry.command),
            journalIdText(entry.group),
            entry.act,
            entry.step,
            entry.by,
            entry.reason,
            entry.text};
}

} // namespace

QJsonObject journalEntryJson(const JournalEntry &entry)
{
    QJsonObject object;
    const auto fields = fieldsOf(entry);
    for (size_t i = 0; i < fields.size(); ++i)
        object.insert(fieldNames[i], fields[i]);
    return object;
}

QByteArray journalCsvHeading()
{
    QByteArrayList names;
    for (const QLatin1StringView name : fieldNames)
        names.append(QByteArray(name.data(), name.size()));
    return names.join(',');
}

QByteArray journalEntryCsv(const JournalEntry &entry)
{
    QByteArrayList cells;
    for (const QString &field : fieldsOf(entry))
        cells.append(csvCell(field));
    return cells.join(',');
}

/// The half of an export that touches the file.
class JournalFileWriter : public QObject
{
    Q_OBJECT

public:
    void begin(const QString &path, JournalExport::Format format)
    {
        m_format = format;
        m_any = false;
        m_file = std::make_unique<QSaveFile>(path);
        if (!m_file->open(QIODevice::WriteOnly))
            return;
        m_file->write(format == JournalExport::Format::Csv ? QByteArray(journalCsvHeading() + "\r\n") : QByteArray("["));
    }

    void add(const QList<JournalEntry> &entries, bool last)
    {
        if (!m_file)
            return;
        QByteArray text;
        for (const JournalEntry &entry : entries) {
            if (m_format == JournalExport::Format::Csv)
                text += journalEntryCsv(entry) + "\r\n";
            else
                text += (std::exchange(m_any, true) ? ",\n" : "\n")
                        + QJsonDocument(journalEntryJson(entry)).toJson(QJsonDocument::Compact);
        }
        if (last && m_format == JournalExport::Format::Json)
            text += "\n]\n";
        bool ok = m_file->isOpen() && m_file->write(text) == text.size();
        QString error = ok ? QString() : m_file->errorString();
        if (ok && last && !m_file->commit())
            error = m_file->errorString();
        if (last || !error.isEmpty())
            m_file.reset(); // Not committed it leaves nothing behind.
        emit written(error);
    }

    void giveUp() { m_file.reset(); }

signals:
    void written(const QString &error);

private:
    std::unique_ptr<QSaveFile> m_file;
    JournalExport::Format m_format = JournalExport::Format::Csv;
    bool m_any = false;
};

JournalExport::JournalExport(Journal &journal, QObject *parent)
    : QObject(parent)
    , m_journal(journal)
    , m_writer(new JournalFileWriter)
{
    m_thread.setObjectName(u"journal export"_s); // untranslated: for a debugger
    m_writer->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_writer, &QObject::deleteLater);
    connect(m_writer, &JournalFileWriter::written, this, &JournalExport::takeWritten);
    connect(&journal, &Journal::answered, this, &JournalExport::takePage);
}

JournalExport::~JournalExport()
{
    if (m_thread.isRunning()) {
        m_thread.quit();
        m_thread.wait();
    } else {
        delete m_writer;
    }
}

void JournalExport::begin(const JournalQuery &query, const QString &path, Format format)
{
    if (m_running)
        return;
    if (!m_thread.isRunning())
        m_thread.start();
    m_running = true;
    m_written = 0;
    m_cut = false;
    m_last = false;
    m_query = query;
    m_query.beforeRow = 0;
    m_query.afterRow = 0;
    JournalFileWriter *writer = m_writer;
    QMetaObject::invokeMethod(
        writer, [writer, path, format] { writer->begin(path, format); }, Qt::QueuedConnection);
    ask();
}

void JournalExport::ask()
{
    m_query.limit = int(qMin<qint64>(pageEntries, maxEntries - m_written));
    m_token = m_journal.nextToken();
    m_journal.query(m_query, m_token);
}

void JournalExport::takePage(quint64 token, const JournalPage &page)
{
    if (token == 0 || token != m_token)
        return;
    m_token = 0;
    if (!page.error.isEmpty()) {
        end(page.error, false);
        return;
    }
    m_written += page.entries.size();
    m_cut = page.more && m_written >= maxEntries;
    m_last = !page.more || m_cut;
    if (!page.entries.isEmpty())
        m_query.beforeRow = page.entries.last().row;
    JournalFileWriter *writer = m_writer;
    QMetaObject::invokeMethod(
        writer, [writer, entries = page.entries, last = m_last] { writer->add(entries, last); }, Qt::QueuedConnection);
}

void JournalExport::takeWritten(const QString &error)
{
    if (!m_running)
        return;
    emit progressed(m_written);
    if (!error.isEmpty() || m_last)
        end(error, m_cut);
    else
        ask();
}

void JournalExport::end(const QString &error, bool cut)
{
    m_running = false;
    m_token = 0;
    JournalFileWriter *writer = m_writer;
    QMetaObject::invokeMethod(
        writer, [writer] { writer->giveUp(); }, Qt::QueuedConnection);
    emit finished(error, m_written, cut);
}

} // namespace pulsedeck

#include "journalexport.moc"
