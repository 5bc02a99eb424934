// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/report.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSaveFile>
#include <QSysInfo>
#include <QThread>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

QString okText(const Figure &figure)
{
    return figure.aim.isEmpty() ? u"–"_s : figure.ok ? u"yes"_s : u"NO"_s;
}

QString aimText(const Figure &figure)
{
    return figure.aim.isEmpty() ? u"–"_s : figure.aim;
}

QString firstLineWith(const QString &path, const QString &word)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    for (const QString &line : lines) {
        if (line.startsWith(word))
            return line.section(u':', 1).trimmed();
    }
    return {};
}

} // namespace

QString Figure::valueText() const
{
    return QString(QString::number(value, 'f', decimals) + u' ' + unit).trimmed();
}

bool Run::wants(const QStringList &ids) const
{
    if (only.isEmpty())
        return true;
    for (const QString &id : ids) {
        for (const QString &asked : only) {
            if (id.contains(asked))
                return true;
        }
    }
    return false;
}

void Run::add(const Figure &figure)
{
    if (!wants({figure.id}))
        return;
    figures.push_back(figure);
    std::fprintf(stderr, "  %-24s %12s   (%s)  aim %s  %s\n", qPrintable(figure.id), qPrintable(figure.valueText()),
                 qPrintable(figure.against), qPrintable(aimText(figure)), qPrintable(okText(figure)));
}

void Run::fail(const QString &measure, const QString &why)
{
    failures.append(QString(measure + u": "_s + why));
    std::fprintf(stderr, "  %s FAILED: %s\n", qPrintable(measure), qPrintable(why));
}

QString tableText(const Run &run)
{
    std::vector<QStringList> rows{{u"measure"_s, u"value"_s, u"against"_s, u"aim"_s, u"ok"_s}};
    for (const Figure &figure : run.figures)
        rows.push_back({figure.what, figure.valueText(), figure.against, aimText(figure), okText(figure)});
    std::vector<qsizetype> widths(5, 0);
    for (const QStringList &row : rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[size_t(i)] = qMax(widths[size_t(i)], row[i].size());
    }
    QString text;
    for (const QStringList &row : rows) {
        QStringList cells;
        for (qsizetype i = 0; i < row.size(); ++i)
            cells.append(row[i].leftJustified(widths[size_t(i)]));
        text += cells.join(u" | "_s).trimmed() + u'\n';
    }
    for (const QString &failure : run.failures)
        text += u"not measured: "_s + failure + u'\n';
    return text;
}

QString markdownText(const Run &run)
{
    QString text =
        QString(u"Taken "_s + QDateTime::currentDateTimeUtc().toString(u"yyyy-MM-dd"_s) + u" on "_s + machineText() + u".\n\n"_s);
    text += u"| measure | value | against | aim | ok |\n|---|---|---|---|---|\n"_s;
    for (const Figure &figure : run.figures) {
        text += u"| %1 (`%2`) | %3 | %4 | %5 | %6 |\n"_s.arg(figure.what, figure.id, figure.valueText(), figure.against,
                                                             aimText(figure), okText(figure));
    }
    for (const QString &failure : run.failures)
        text += u"\nNot measured: "_s + failure + u'\n';
    return text;
}

QByteArray jsonText(const Run &run)
{
    QJsonArray array;
    for (const Figure &figure : run.figures) {
        array.append(QJsonObject{{u"id"_s, figure.id},
                                 {u"value"_s, QString::number(figure.value, 'f', figure.decimals + 1).toDouble()},
                                 {u"unit"_s, figure.unit},
                                 {u"against"_s, figure.against},
                                 {u"aim"_s, figure.aim},
                                 {u"ok"_s, figure.ok}});
    }
    return QJsonDocument(array).toJson();
}

bool replaceBetweenMarks(const QString &file, const QString &text, QString *error)
{
    const QByteArray begin = "<!-- figures -->\n";
    const QByteArray end = "<!-- end of figures -->";
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly)) {
        *error = u"%1 cannot be read: %2"_s.arg(file, in.errorString());
        return false;
    }
    const QByteArray whole = in.readAll();
    const qsizetype from = whole.indexOf(begin);
    const qsizetype to = whole.indexOf(end);
    if (from < 0 || to < from) {
        *error = u"%1 has no marks to write between"_s.arg(file);
        return false;
    }
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(QByteArray(whole.first(from) + begin + text.toUtf8() + whole.sliced(to))) < 0
        || !out.commit()) {
        *error = u"%1 cannot be written: %2"_s.arg(file, out.errorString());
        return false;
    }
    return true;
}

QString machineText()
{
    QProcess redis;
    redis.start(u"redis-server"_s, {u"--version"_s});
    redis.waitForFinished(5'000);
    const QString version = QString::fromUtf8(redis.readAll()).section(u"v="_s, 1).section(u' ', 0, 0);
    const QString memory = firstLineWith(u"/proc/meminfo"_s, u"MemTotal"_s);
    QFile loadFile(u"/proc/loadavg"_s);
    const QString load = loadFile.open(QIODevice::ReadOnly) ? QString::fromUtf8(loadFile.readAll()).section(u' ', 0, 0) : u"?"_s;
    return u"%1, %2 cores, %3 GiB, %4, Qt %5, Redis %6, offscreen platform; load average when the run ended: %7"_s.arg(
        firstLineWith(u"/proc/cpuinfo"_s, u"model name"_s), QString::number(QThread::idealThreadCount()),
        QString::number(qRound(memory.section(u' ', 0, 0).toDouble() / 1024 / 1024)), QSysInfo::prettyProductName(),
        QString::fromLatin1(qVersion()), version, load);
}

} // namespace pulsedeck::bench
