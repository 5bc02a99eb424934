// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/layouts/detectcommand.h"

#include "app/ctl/fleettext.h"
#include "app/redis/dialectregistry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString bytesText(const QByteArray &bytes)
{
    return printable(QString::fromUtf8(bytes));
}

QString knownCount(qint64 count)
{
    return count < 0 ? QString() : QString::number(count);
}

/// What was counted may not be all of them.
QString leastCount(qint64 count, bool more)
{
    return more && count >= 0 ? u"at least %1"_s.arg(count) : knownCount(count);
}

QJsonValue knownJson(qint64 count)
{
    return count < 0 ? QJsonValue() : QJsonValue(count);
}

QString foundByText(const FoundSystem &system)
{
    if (system.evidence.isEmpty())
        return {};
    switch (system.by) {
    case FoundSystem::By::Channel:
        return u"subscribers of "_s + bytesText(system.evidence);
    case FoundSystem::By::Connection:
        return u"connection "_s + bytesText(system.evidence);
    case FoundSystem::By::Key:
        break;
    }
    return u"key "_s + bytesText(system.evidence);
}

QString foundByName(FoundSystem::By by)
{
    return by == FoundSystem::By::Channel ? u"channel"_s : by == FoundSystem::By::Connection ? u"connection"_s : u"key"_s;
}

} // namespace

DetectCommand::DetectCommand(const LayoutCtlOptions &options, const LayoutCatalog &catalog, const SystemChoices &choices,
                             Output &output)
    : CtlCommand(output)
    , m_options(options)
{
    RedisConnectionOptions how;
    how.clientName = "pulsedeckctl-detect";
    how.reconnect = false;
    how.connectTimeoutMs = how.replyTimeoutMs = options.timeoutMs;
    m_connection = std::make_unique<RedisConnection>(options.url, how);
    std::vector<Layout> layouts = chosenLayouts(catalog.layouts(), choices);
    std::copy_if(layouts.begin(), layouts.end(), std::back_inserter(m_heardOnly), [](const Layout &layout) {
        const auto isHeard = [](const LayoutDiscovery &one) { return one.kind == LayoutDiscovery::Kind::Events; };
        return !layout.isTemplate && std::any_of(layout.discover.begin(), layout.discover.end(), isHeard);
    });
    m_detector = std::make_unique<LayoutDetector>(*m_connection, std::move(layouts));
    connect(m_connection.get(), &RedisConnection::stateChanged, this, &DetectCommand::onState);
    connect(m_detector.get(), &LayoutDetector::finished, this, &DetectCommand::tell);
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] {
        Output::complain(
            u"%1: no answer within %2 s."_s.arg(printable(m_options.url.display())).arg(m_options.timeoutMs / 1000.0));
        end(CtlExit::NoConnection);
    });
}

DetectCommand::~DetectCommand()
{
    m_connection->disconnect(this);
}

void DetectCommand::start()
{
    m_limit.start(m_options.timeoutMs);
    m_connection->open();
}

void DetectCommand::onState(RedisConnection::State state)
{
    if (state == RedisConnection::State::Ready) {
        m_detector->look();
    } else if (state == RedisConnection::State::Closed && !isEnded()) {
        const RedisFailure failure = m_connection->failure();
        Output::complain(printable(failure.hint.isEmpty() ? failure.text : QString(failure.text + u' ' + failure.hint)));
        end(CtlExit::NoConnection);
    }
}

void DetectCommand::tell()
{
    m_limit.stop();
    const DetectionReport found = m_detector->report();
    const CtlExit code = found.systems.isEmpty() || !found.unknown.isEmpty() ? CtlExit::Findings : CtlExit::Done;
    const auto isWatched = [this](const FoundSystem &system) { return canWatch(*m_detector->layout(system.layout)); };
    if (m_options.json) {
        QJsonArray systems;
        for (const FoundSystem &one : found.systems)
            systems.append(QJsonObject{{u"system"_s, one.layout},
                                       {u"title"_s, one.title},
                                       {u"prefix"_s, QString::fromUtf8(one.prefix)},
                                       {u"workers"_s, knownJson(one.workers)},
                                       {u"workersAtLeast"_s, one.more},
                                       {u"queues"_s, knownJson(one.queues)},
                                       {u"queuesAtLeast"_s, one.more || one.moreQueues},
                                       {u"watched"_s, isWatched(one)},
                                       {u"by"_s, foundByName(one.by)},
                                       {u"evidence"_s, QString::fromUtf8(one.evidence)}});
        QJsonArray unknown;
        for (const UnknownBeats &one : found.unknown)
            unknown.append(QJsonObject{
                {u"keys"_s, QString::fromUtf8(one.keys)}, {u"pattern"_s, one.pattern}, {u"count"_s, knownJson(one.count)}});
        const QJsonObject all{{u"systems"_s, systems},         {u"unknown"_s, unknown},
                              {u"commands"_s, found.commands}, {u"ms"_s, found.elapsedMs},
                              {u"whole"_s, found.whole},       {u"refused"_s, QJsonArray::fromStringList(found.refused)}};
        endWith(printableJson(QJsonDocument(all).toJson()), code);
        return;
    }
    QByteArray text;
    if (found.systems.isEmpty()) {
        text = "No system that a layout describes was found.\n";
    } else {
        std::vector<QStringList> rows{{u"SYSTEM"_s, u"PREFIX"_s, u"WORKERS"_s, u"QUEUES"_s, u"WATCHED"_s, u"FOUND BY"_s}};
        for (const FoundSystem &one : found.systems)
            rows.push_back({one.layout, bytesText(one.prefix), leastCount(one.workers, one.more),
                            leastCount(one.queues, one.more || one.moreQueues), isWatched(one) ? u"yes"_s : u"not yet"_s,
                            foundByText(one)});
        text = textTable(rows, {2, 3});
    }
    for (const UnknownBeats &one : found.unknown)
        text +=
            u"%1 looks like workers of your own: pulsedeckctl list URL --system %2=%3 lists them, layouts show %2 is their layout\n"_s
                .arg(bytesText(one.keys), one.pattern, bytesText(one.prefix))
                .toUtf8();
    for (const Layout &layout : m_heardOnly) {
        const bool known = std::any_of(found.systems.cbegin(), found.systems.cend(),
                                       [&layout](const FoundSystem &one) { return one.layout == layout.name; });
        if (!known)
            text +=
                u"%1: an idle one may leave nothing in Redis to see; pulsedeckctl list URL --system %2 listens for its events, "
                "as Listen for 5 s in the window does.\n"_s.arg(layout.title, layout.name)
                    .toUtf8();
    }
    text += u"%1 commands, %2 ms, no KEYS%3\n"_s.arg(found.commands)
                .arg(found.elapsedMs)
                .arg(found.whole ? QString() : u"; a part of the keys was looked at"_s)
                .toUtf8();
    if (!print(text, code))
        return;
    if (!found.refused.isEmpty())
        Output::complain(u"Not permitted, so that systems may be missing here: %1."_s.arg(found.refused.join(u", "_s)));
    end(code);
}

} // namespace pulsedeck
