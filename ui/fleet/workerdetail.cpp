// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/workerdetail.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "models/fleet/queuefacts.h"
#include "models/timing/measuredtiming.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerheading.h"
#include "ui/fleet/eventdelegate.h"
#include "ui/fleet/intervalchart.h"
#include "ui/fleet/ttlchart.h"
#include "ui/theme/theme.h"

#include <QFormLayout>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// "14:02:11 · 2 min ago"
QString agoText(qint64 at, qint64 now)
{
    if (at <= 0)
        return u"–"_s;
    return WorkerDetail::tr("%1 · %2 ago", "a time").arg(clockText(at), spanText(now - at));
}

} // namespace

WorkerDetail::WorkerDetail(FleetStore &store, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_events(new WorkerEventModel(store, this))
    , m_heading(new WorkerHeading(this))
    , m_form(new QFormLayout)
    , m_intervalTitle(new SectionTitle(tr("Beat intervals"), this))
    , m_intervals(new IntervalChart(this))
    , m_ttlTitle(new SectionTitle(tr("Key TTL"), this))
    , m_ttl(new TtlChart(this))
    , m_eventTitle(new SectionTitle(tr("Events"), this))
    , m_history(new QPushButton(tr("All in Activity"), this))
    , m_eventList(new QListView(this))
{
    const int side = px(12);
    auto *layout = vbox(this, 0, {0, 8, 0, 0});
    auto *upper = vbox(0);
    upper->setContentsMargins(side, 0, side, 0);
    upper->addWidget(m_heading);
    upper->addSpacing(px(6));
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(px(16));
    m_form->setVerticalSpacing(px(3));
    m_form->setLabelAlignment(Qt::AlignLeft);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addFact(tr("Key"), true, Qt::ElideMiddle);
    addFact(tr("Identity"), true, Qt::ElideMiddle);
    addFact(tr("Endpoint"), true, Qt::ElideRight);
    addFact(tr("Host, pid"), false, Qt::ElideRight);
    addFact(tr("Address"), true, Qt::ElideMiddle);
    addFact(tr("Name"), false, Qt::ElideRight);
    addFact(tr("Capabilities"), false, Qt::ElideNone)->setWrappedInForm();
    addFact(tr("Source"), false, Qt::ElideRight);
    addFact(tr("Started"), false, Qt::ElideRight);
    addFact(tr("Last beat"), false, Qt::ElideRight);
    addFact(tr("Age"), false, Qt::ElideRight);
    addFact(tr("Sessions"), false, Qt::ElideRight);
    addFact(tr("At work"), false, Qt::ElideRight);
    addFact(tr("Jobs"), true, Qt::ElideNone)->setWrappedInForm();
    addFact(tr("Registered"), false, Qt::ElideRight);
    addFact(tr("Renewed"), false, Qt::ElideRight);
    addFact(tr("Expires"), false, Qt::ElideRight);
    addFact(tr("Version"), false, Qt::ElideRight);
    addFact(tr("Queues"), false, Qt::ElideNone)->setWrappedInForm();
    addFact(tr("Memory"), false, Qt::ElideRight);
    addFact(tr("Drained"), false, Qt::ElideNone)->setWrappedInForm();
    addFact(tr("Shutdown"), false, Qt::ElideRight);
    addFact(tr("Notes"), false, Qt::ElideNone)->setWrappedInForm();
    upper->addLayout(m_form);
    upper->addSpacing(px(10));
    upper->addWidget(m_intervalTitle);
    m_intervals->setMinimumHeight(px(90));
    m_intervals->setMaximumHeight(px(160));
    upper->addWidget(m_intervals, 3);
    upper->addSpacing(px(6));
    upper->addWidget(m_ttlTitle);
    m_ttl->setMinimumHeight(px(70));
    m_ttl->setMaximumHeight(px(104));
    upper->addWidget(m_ttl, 2);
    upper->addSpacing(px(6));
    auto *eventLine = hbox(8);
    eventLine->addWidget(m_eventTitle, 1);
    m_history->setObjectName(u"showHistory"_s);
    m_history->setToolTip(tr("All events recorded for this worker, including earlier runs of the console (Ctrl+E)"));
    m_history->setFocusPolicy(Qt::TabFocus);
    connect(m_history, &QPushButton::clicked, this, &WorkerDetail::historyRequested);
    eventLine->addWidget(m_history);
    upper->addLayout(eventLine);
    layout->addLayout(upper, 4);
    layout->addSpacing(px(3));

    m_eventList->setModel(m_events);
    m_eventList->setItemDelegate(new EventDelegate(m_eventList));
    m_eventList->setResizeMode(QListView::Adjust); // Words wrap to the width there is.
    m_eventList->setFrameShape(QFrame::NoFrame);
    m_eventList->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_eventList->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_eventList->setAccessibleName(tr("Events of this worker"));
    m_eventList->setMinimumHeight(px(66));
    QPalette chrome = m_eventList->palette();
    chrome.setBrush(QPalette::Base, Qt::NoBrush);
    m_eventList->setPalette(chrome);
    m_eventList->viewport()->setAutoFillBackground(false);
    layout->addWidget(m_eventList, 3);

    connect(&store, &FleetStore::published, this, &WorkerDetail::onPublished);
    connect(&store, &FleetStore::sourceChanged, this, [this] { m_changed = true; });
    followTheme(this, [this] {
        m_history->setFont(Theme::instance().smallFont());
        m_changed = true;
        if (isVisible())
            refresh();
    });
    m_timer.setInterval(500);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_changed || ++m_ticks % 2 == 0)
            refresh();
    });
}

ToneLabel *WorkerDetail::addFact(const QString &name, bool id, Qt::TextElideMode elide)
{
    auto *label = new ToneLabel(name, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    auto *text = new ToneLabel(ToneLabel::Tone::Text, id ? ToneLabel::Face::Id : ToneLabel::Face::Body, this);
    text->setElideMode(elide);
    label->setBuddy(text);
    m_form->addRow(label, text);
    m_facts.push_back({name, label, text});
    return text;
}

QString WorkerDetail::fact(const QString &label) const
{
    const auto found = std::find_if(m_facts.begin(), m_facts.end(), [&](const Fact &fact) { return fact.name == label; });
    return found == m_facts.end() ? QString() : found->text->text();
}

void WorkerDetail::setWorker(WorkerHandle handle)
{
    const quint32 serial = handle == noWorker ? 0 : m_store.worker(handle).serial;
    if (handle == m_handle && serial == m_serial)
        return;
    m_handle = handle;
    m_serial = serial;
    m_changed = true;
    if (isVisible()) {
        m_events->setWorker(handle);
        refresh();
    }
}

void WorkerDetail::onPublished(const FleetChanges &changes)
{
    if (m_handle == noWorker || !isVisible() || m_changed)
        return;
    m_changed = changes.reset || std::find(changes.changed.begin(), changes.changed.end(), m_handle) != changes.changed.end();
}

void WorkerDetail::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_events->setWorker(m_handle);
    refresh();
    m_timer.start();
}

void WorkerDetail::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
    m_events->setWorker(noWorker); // Its rows are looked up in all events; not for nobody.
}

qint64 WorkerDetail::shownNow() const
{
    const SourceStatus status = m_store.sourceStatus(m_store.worker(m_handle).source);
    const qint64 now = m_store.viewNow();
    return status.isConnected() || status.lostAt == 0 ? now : qMin(now, status.lostAt);
}

void WorkerDetail::refresh()
{
    m_changed = false;
    if (m_handle == noWorker || m_store.findSerial(m_serial) != m_handle)
        return;
    const qint64 now = shownNow();
    refreshFacts(now);
    m_intervals->showWorker(m_store, m_handle, now);
    m_intervalTitle->setSummary(m_intervals->summary(), m_intervals->shorterSummaries());
    m_ttl->showWorker(m_store, m_handle, now);
    m_ttlTitle->setSummary(m_ttl->summary());
    const SourceTraits &traits = *m_store.worker(m_handle).traits;
    const bool registers = traits.registers();
    const bool beats = traits.basis != BeatBasis::Connection;
    for (QWidget *part : std::initializer_list<QWidget *>{m_intervalTitle, m_intervals})
        part->setVisible(beats);
    for (QWidget *part : std::initializer_list<QWidget *>{m_ttlTitle, m_ttl})
        part->setVisible(traits.has(SourceFact::Ttl));
    m_intervalTitle->setTitle(registers ? tr("Gaps between renewals") : tr("Beat intervals"));
    m_ttlTitle->setTitle(registers ? tr("Registration") : tr("Key TTL"));
    const int events = m_events->rowCount();
    m_eventTitle->setSummary(events >= WorkerEventModel::maxRows ? tr("the last %1").arg(groupedNumber(events))
                                                                 : groupedNumber(events));
}

void WorkerDetail::setPast()
{
    m_events->setPast();
}

void WorkerDetail::refreshFacts(qint64 now)
{
    const Worker &worker = m_store.worker(m_handle);
    m_heading->set(shownGlyph(m_store, m_handle), workerName(m_store, m_handle), stateSentence(m_store, m_handle, now),
                   stateTone(worker));

    if (const ActorFacts *facts = m_store.actor(m_handle)) {
        for (const Row row : {Row::Key, Row::Endpoint, Row::Started, Row::LastBeat, Row::Sessions, Row::Drained, Row::Pace,
                              Row::Identity, Row::HostPid, Row::Age, Row::AtWork, Row::Jobs, Row::Queues, Row::Memory})
            put(row, {});
        refreshActor(worker, *facts, now);
    } else {
        for (const Row row :
             {Row::Address, Row::Name, Row::Capabilities, Row::Registered, Row::Renewed, Row::Expires, Row::Version})
            put(row, {});
        refreshWorker(worker, now);
        refreshFactsOfSystem(worker);
    }
    const QString type = m_store.typeName(worker.type);
    const QString source = m_store.sourceName(worker.source);
    put(Row::Source, type.isEmpty() ? source : QString(source + u" · "_s + type));
    put(Row::Notes, findings(m_store, m_handle).join(u'\n'));
}

void WorkerDetail::put(Row row, const QString &text, const QString &toolTip)
{
    const Fact &fact = m_facts[size_t(row)];
    fact.text->setText(visibleText(text));
    fact.text->setToolTip(visibleText(toolTip));
    m_form->setRowVisible(int(row), !text.isEmpty());
}

void WorkerDetail::refreshActor(const Worker &worker, const ActorFacts &facts, qint64 now)
{
    const QString address = QString::fromUtf8(worker.id);
    put(Row::Address, address, toolTipText(address));
    put(Row::Name, facts.displayName, toolTipText(facts.displayName));
    put(Row::Capabilities, facts.capabilities.isEmpty() ? u"–"_s : facts.capabilities.join(u", "_s));
    put(Row::Registered, agoText(facts.registeredAt, now), tr("When it last registered, by the hub's clock"));
    // The hub's times say when it was renewed; that it was not, only the next reading of the list.
    const qint32 every = m_store.sourceStatus(worker.source).sweepEveryMs;
    const QString renewed = agoText(worker.beatAt, now);
    put(Row::Renewed, every > 0 && worker.endedAt == 0 ? tr("%1 · listed every %2").arg(renewed, columnTime(every)) : renewed,
        tr("The last renewal or registration that was seen. Renewals are not announced: they are found when the list is read, "
           "and of several between two readings only the last one."));
    QString expires = tr("never: the hub reports no end");
    if (facts.expiresAt > 0) {
        expires = clockText(facts.expiresAt);
        if (worker.endedAt <= 0)
            expires = facts.expiresAt > now ? tr("%1 · in %2", "a time").arg(expires, spanText(facts.expiresAt - now))
                                            : tr("%1 · past", "a time").arg(expires);
    }
    put(Row::Expires, expires, tr("When the registration ends unless it is renewed"));
    put(Row::Version, QString::number(facts.version), tr("How often this address was registered and renewed"));
}

QString WorkerDetail::ageText(const Worker &worker, qint64 now) const
{
    if (worker.endedAt > 0 || worker.liveness == Liveness::Ghost)
        return {};
    const QString basis = beatBasisText(worker);
    const qint64 age = worker.beatAgeAt(now);
    if (worker.beatAt == 0 || !worker.isAgeProven())
        return ageBasis(worker) == BeatBasis::Connection ? tr("alive %1", "by its connection").arg(basis) : QString();
    const qint32 left = worker.ttlLeftAt(now);
    // Both are rounded apart: what is shown has to add up.
    if (ageBasis(worker) == BeatBasis::KeyTtl && worker.learntTtl > 0 && left > 0)
        return tr("by TTL: %1 ago = %2 − %3 left")
            .arg(columnTime(worker.learntTtl - left), exactText((worker.learntTtl + 250) / 500 * 500), columnTime(left));
    if (ageBasis(worker) == BeatBasis::Stamp && worker.clockSkew != unknownValue)
        return tr("%1, %2: %3 ago", "by its own clock, how far that is off, and the age")
            .arg(basis, offsetText(-qint64(worker.clockSkew)), columnTime(age));
    return tr("%1: %2 ago", "by events, and the age").arg(basis, columnTime(age));
}

/// What only some systems know of their workers; what this one does not know has no row.
void WorkerDetail::refreshFactsOfSystem(const Worker &worker)
{
    const LayoutFacts *facts = m_store.facts(m_handle);
    const bool laidOut = worker.traits->isLaidOut();
    const QString id = QString::fromUtf8(worker.id);
    put(Row::Identity, laidOut ? id : QString(), toolTipText(id));
    QStringList process;
    if (!worker.host.isEmpty())
        process.append(QString::fromUtf8(hostName(worker)));
    if (worker.pid != unknownValue)
        process.append(QString::number(worker.pid));
    if (const QString group = m_store.typeName(worker.type); !group.isEmpty() && !process.isEmpty())
        process.append(group);
    put(Row::HostPid, laidOut ? process.join(u" · "_s) : QString());
    QString work;
    if (laidOut && worker.activeSessions != unknownValue)
        work = worker.capacity > 0 ? tr("%1 of %2 busy").arg(worker.activeSessions).arg(worker.capacity)
                                   : worker.traits->countedJobs(worker.activeSessions);
    const QString byQueue = atWorkByQueueText(m_store, m_handle);
    put(Row::AtWork, byQueue.isEmpty() ? work : tr("%1 · %2", "how many jobs, and of which queues").arg(work, byQueue),
        byQueue.isEmpty() ? QString() : tr("By queue, with how many jobs of each; arguments are never read"));
    // What was lost with one that died is on no list of its system.
    const QString jobs = facts ? facts->jobs.join(u", "_s) : QString();
    const bool dead = worker.endedAt > 0 || worker.liveness == Liveness::Ghost || worker.liveness == Liveness::Crashed;
    put(Row::Jobs, jobs.isEmpty() || !dead ? jobs : tr("last known: %1", "jobs of a worker that died").arg(jobs),
        tr("What it has at work, or had when it was last read; arguments are never read"));
    if (facts)
        put(Row::Version, facts->version.isEmpty()
                              ? QString()
                              : tr("%1 %2", "a system and its version").arg(systemTitle(worker.traits), facts->version));
    put(Row::Queues, facts ? facts->queues.join(u", "_s) : QString());
    put(Row::Memory, facts && facts->memory > 0 ? tr("%1 MB").arg(groupedNumber(facts->memory >> 20)) : QString());
}

void WorkerDetail::refreshWorker(const Worker &worker, qint64 now)
{
    const QString unknown = u"–"_s;
    const bool laidOut = worker.traits->isLaidOut();
    put(Row::Key, laidOut && !worker.traits->hasKey() ? QString() : keyText(worker), keyText(worker));
    const QString endpoint = worker.host.isEmpty() ? unknown : QString::fromUtf8(worker.host);
    put(Row::Endpoint, laidOut ? QString() : endpoint, tr("Host and port; the path is secret and never shown"));
    put(Row::Age, ageText(worker, now), tr("What the age of its last beat rests on"));
    QString started = unknown;
    if (worker.startedAt > 0) {
        const qint64 at = worker.startedAt + (worker.clockSkew == unknownValue ? 0 : worker.clockSkew);
        // One whose process is gone is not up, and when it went may not be known.
        const bool died = worker.liveness == Liveness::Crashed || worker.liveness == Liveness::Ghost;
        started = worker.endedAt > 0 ? tr("%1 · was up %2", "a time").arg(clockText(at), spanText(worker.endedAt - at))
                  : died             ? clockText(at)
                                     : tr("%1 · up %2", "a time").arg(clockText(at), spanText(now - at));
    }
    put(Row::Started, laidOut && worker.startedAt <= 0 ? QString() : started);
    QString beat = worker.beatAt > 0 ? clockTextTenths(worker.beatAt) : unknown;
    if (worker.clockSkew != unknownValue)
        beat = tr("%1 · clock %2", "a time, and how far the clock is off").arg(beat, offsetText(-qint64(worker.clockSkew)));
    put(Row::LastBeat, beat,
        worker.flags.testFlag(WorkerFlag::AgeEstimated) ? tr("An estimate: no beat was seen yet") : QString());
    QStringList sessions;
    if (worker.activeSessions != unknownValue)
        sessions.append(tr("%1 active", "sessions").arg(worker.activeSessions));
    if (worker.lifetimeSessions != unknownValue)
        sessions.append(tr("%1 lifetime", "sessions").arg(groupedNumber(worker.lifetimeSessions)));
    put(Row::Sessions, laidOut ? QString() : sessions.isEmpty() ? unknown : sessions.join(u" · "_s));
    put(Row::Drained, drainText(m_store.knownDrain(m_handle)));
    const WorkerPace pace = paceOf(m_store, m_ledger, m_handle);
    QStringList paces;
    if (pace.pickUpMs != qint64(unknownValue))
        paces.append(tr("read after %1").arg(columnTime(pace.pickUpMs)));
    if (pace.drainMs != qint64(unknownValue))
        // Where draining is a command of its own, that may have come long before.
        paces.append((laidOut && !paces.isEmpty() ? tr("gone %1 later") : tr("drained in %1")).arg(columnTime(pace.drainMs)));
    put(Row::Pace, paces.join(u" · "_s),
        laidOut ? tr("Its last shutdown command: from writing it until it was taken, and from then to the end")
                : tr("Its last shutdown command: from writing it to draining, and from draining to the end"));
}

} // namespace pulsedeck
