// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertengine.h"

#include <QUuid>

#include <algorithm>
#include <utility>

namespace pulsedeck {

AlertEngine::AlertEngine(FleetStore &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
    connect(&store, &FleetStore::published, this, &AlertEngine::take);
    connect(&store, &FleetStore::ticked, this, &AlertEngine::look);
    connect(&store, &FleetStore::sourceRemoved, this, [this](SourceId source) {
        m_fleet.forget(source);
        m_inView.remove(source);
        for (const auto &groups : m_rules)
            groups->lookAgain();
    });
}

AlertEngine::~AlertEngine() = default;

void AlertEngine::setPlan(const AlertPlan &plan)
{
    std::vector<std::unique_ptr<AlertGroups>> rules;
    for (const AlertRule &rule : plan.rules) {
        if (!rule.on)
            continue;
        const auto same =
            std::find_if(m_rules.begin(), m_rules.end(), [&](const auto &one) { return one && one->rule() == rule; });
        rules.push_back(same == m_rules.end() ? std::make_unique<AlertGroups>(rule, m_fleet) : std::move(*same));
    }
    m_plan = plan;
    m_readsQueues = std::any_of(plan.rules.begin(), plan.rules.end(),
                                [](const AlertRule &rule) { return rule.on && rule.scope == AlertScope::Queues; });
    std::swap(m_rules, rules);
    for (const auto &former : rules) {
        if (former)
            resolve(*former, tr("The rule was changed or switched off."));
    }
    look();
    emit changed();
}

void AlertEngine::resolve(AlertGroups &groups, const QString &ending)
{
    std::vector<Alert> open;
    groups.appendTo(&open);
    std::erase_if(open, [](const Alert &alert) { return !alert.isFiring(); });
    for (Alert &alert : open) {
        alert.state = AlertState::Resolved;
        alert.resolvedAt = m_store.viewNow();
        alert.ending = ending;
    }
    keepResolved(open);
    for (const Alert &alert : open)
        emit happened(alert.id, AlertGroups::Event::Resolved);
}

void AlertEngine::setEnvironment(SourceId source, SourceEnvironment environment)
{
    if (!m_fleet.setEnvironment(source, environment))
        return;
    for (const auto &groups : m_rules)
        groups->lookAgain();
}

void AlertEngine::take(const FleetChanges &changes)
{
    for (const auto &groups : m_rules)
        groups->take(changes);
}

void AlertEngine::look()
{
    const qint64 now = m_store.viewNow();
    const qint64 gap = now - std::exchange(m_lookedAt, now);
    if (gap > gapMs && gap < now) {
        for (const auto &groups : m_rules)
            groups->skip(gap);
    }
    reviewSources();
    if (m_readsQueues)
        m_fleet.readQueues(now);
    std::vector<AlertGroups::News> news;
    std::vector<Alert> resolved;
    for (const auto &groups : m_rules)
        groups->look(now, &news, &resolved);
    keepResolved(std::move(resolved));
    const size_t kept = m_resolved.size();
    while (!m_resolved.empty() && (m_resolved.size() > mostResolved || now - m_resolved.back().resolvedAt > resolvedForMs))
        m_resolved.pop_back();
    for (const AlertGroups::News &one : news)
        emit happened(one.id, one.event);
    if (!news.empty() || kept != m_resolved.size())
        emit changed();
    const qint64 wall = wallNow();
    const bool turns = std::any_of(m_silences.cbegin(), m_silences.cend(), [&](const AlertSilence &silence) {
        return (silence.from > m_reviewedAt && silence.from <= wall) || silence.until <= wall;
    });
    // The machine's clock may have been set back.
    if (turns || wall < m_reviewedAt || (!news.empty() && !m_silences.isEmpty()))
        reviewSilences();
}

bool AlertEngine::isWhole() const
{
    return std::all_of(m_rules.begin(), m_rules.end(), [](const auto &groups) { return groups->isWhole(); });
}

/// Workers that were read before their source was read whole are looked at only then.
void AlertEngine::reviewSources()
{
    bool flipped = false;
    for (const SourceId source : m_store.sources()) {
        const std::pair now(m_store.isInView(source), m_store.isSourceVisible(source));
        flipped = flipped || std::exchange(m_inView[source], now) != now;
    }
    if (!flipped)
        return;
    for (const auto &groups : m_rules)
        groups->lookAgain();
}

void AlertEngine::reviewSilences()
{
    const qint64 wall = wallNow();
    m_reviewedAt = wall;
    QList<AlertSilence> ended;
    m_silences.removeIf([wall, &ended](const AlertSilence &silence) {
        if (silence.until <= wall)
            ended.append(silence);
        return silence.until <= wall;
    });
    QSet<QString> silenced;
    QStringList free;
    for (const Alert &alert : alerts()) {
        if (!alert.isFiring())
            continue;
        if (alert.isSilenced())
            silenced.insert(alert.id);
        else if (m_silenced.contains(alert.id))
            free.append(alert.id);
    }
    const bool differs = !ended.isEmpty() || silenced != m_silenced;
    m_silenced = silenced;
    for (const AlertSilence &silence : std::as_const(ended))
        emit silenceEnded(silence, {});
    for (const QString &id : std::as_const(free))
        emit unsilenced(id);
    if (differs)
        emit changed();
}

void AlertEngine::keepResolved(std::vector<Alert> resolved)
{
    for (Alert &alert : resolved)
        m_resolved.push_front(std::move(alert));
}

std::vector<Alert> AlertEngine::alerts() const
{
    std::vector<Alert> all;
    for (const auto &groups : m_rules)
        groups->appendTo(&all);
    for (Alert &alert : all)
        takeSilence(&alert);
    all.insert(all.end(), m_resolved.begin(), m_resolved.end());
    std::sort(all.begin(), all.end(), &Alert::isBefore);
    return all;
}

std::optional<Alert> AlertEngine::alert(const QString &id) const
{
    for (const auto &groups : m_rules) {
        if (std::optional<Alert> open = groups->find(id)) {
            takeSilence(&*open);
            return open;
        }
    }
    const auto over = std::find_if(m_resolved.begin(), m_resolved.end(), [&](const Alert &one) { return one.id == id; });
    return over == m_resolved.end() ? std::nullopt : std::optional(*over);
}

int AlertEngine::firing() const
{
    int count = 0;
    for (const auto &groups : m_rules)
        count += groups->firing();
    return count;
}

std::vector<Alert> AlertEngine::calling() const
{
    std::vector<Alert> all = alerts();
    std::erase_if(all, [](const Alert &alert) { return !alert.isFiring() || alert.isSilenced(); });
    return all;
}

bool AlertEngine::acknowledge(const QString &id, const AlertMark &mark)
{
    const std::optional<Alert> known = alert(id);
    if (!known || !known->isFiring())
        return false;
    for (const auto &groups : m_rules)
        groups->setAcknowledged(id, mark);
    if (mark) {
        Alert marked = *known;
        marked.acknowledged = mark;
        emit acknowledged(marked);
    }
    emit changed();
    return true;
}

QString AlertEngine::addSilence(AlertSilence silence)
{
    const qint64 wall = wallNow();
    silence.from = silence.from > 0 ? silence.from : wall;
    if (silence.reason.trimmed().isEmpty() || silence.until <= wall || silence.until <= silence.from
        || silence.until - wall > AlertSilence::longestMs || m_silences.size() >= mostSilences)
        return {};
    if (silence.id.isEmpty())
        silence.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    m_silences.append(silence);
    reviewSilences();
    emit silenceAdded(silence);
    emit changed();
    return silence.id;
}

bool AlertEngine::endSilence(const QString &id, const QString &by)
{
    const auto found =
        std::find_if(m_silences.begin(), m_silences.end(), [&](const AlertSilence &silence) { return silence.id == id; });
    if (found == m_silences.end())
        return false;
    const AlertSilence silence = std::move(*found);
    m_silences.erase(found);
    reviewSilences();
    emit silenceEnded(silence, by);
    emit changed();
    return true;
}

void AlertEngine::takeSilence(Alert *alert) const
{
    const qint64 wall = wallNow();
    const auto silence =
        std::find_if(m_silences.begin(), m_silences.end(), [&](const AlertSilence &one) { return one.holds(*alert, wall); });
    alert->silence = silence == m_silences.end() ? QString() : silence->id;
}

qint64 AlertEngine::wallNow() const
{
    return m_store.clock().wallNowMs();
}

} // namespace pulsedeck
