// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/firstlook.h"

#include "models/core/format.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetmap.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr SourceId shownSource = 1;

/// The moment of the look.
class LookClock final : public Clock
{
public:
    qint64 nowMs() const override { return m_now; }

private:
    const qint64 m_now = QDateTime::currentMSecsSinceEpoch();
};

} // namespace

FirstLook::FirstLook(QWidget *parent)
    : QWidget(parent)
    , m_clock(std::make_unique<LookClock>())
    , m_counts((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))->named(u"firstLookCounts"_s))
    , m_row(hbox(this, 14))
{
    setObjectName(u"firstLook"_s);
    auto *words = vbox(2);
    words->addWidget(new ToneLabel(tr("First look"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this));
    words->addWidget(m_counts);
    words->addWidget(new ToneLabel(tr("by keys and connections;"), ToneLabel::Tone::Faint, ToneLabel::Face::Small, this));
    words->addWidget(new ToneLabel(tr("ages after the first beats"), ToneLabel::Tone::Faint, ToneLabel::Face::Small, this));
    m_row->addLayout(words);
    hide();
}

FirstLook::~FirstLook()
{
    delete m_map; // It looks at the store.
}

void FirstLook::setSystems(const QList<FoundSystem> &systems)
{
    delete std::exchange(m_map, nullptr);
    m_clock = std::make_unique<LookClock>();
    m_store = std::make_unique<FleetStore>(*m_clock);
    qint64 alive = 0;
    qint64 registered = 0;
    qint64 unknown = 0;
    for (const FoundSystem &system : systems) {
        if (system.workers <= 0)
            continue;
        if (system.alive < 0) {
            unknown += system.workers;
        } else {
            alive += qMin(system.alive, system.workers);
            registered += qMax<qint64>(0, system.workers - system.alive);
        }
    }
    QStringList counts;
    if (alive > 0)
        counts.append(tr("%1 alive", "a number of workers").arg(groupedNumber(alive)));
    if (registered > 0)
        counts.append(tr("%1 only registered", "a number of workers").arg(groupedNumber(registered)));
    if (unknown > 0)
        counts.append(tr("%1 not known yet", "a number of workers").arg(groupedNumber(unknown)));
    m_counts->setText(counts.join(u", "_s));
    setVisible(!counts.isEmpty());
    if (counts.isEmpty())
        return;
    m_store->addSource(shownSource, {});
    SourceStatus status;
    status.source = shownSource;
    status.state = SourceState::Live;
    status.generation = 1;
    m_store->applyStatus(status);
    FleetBatch batch;
    batch.source = shownSource;
    batch.generation = 1;
    batch.at = m_clock->nowMs();
    for (const FoundSystem &system : systems)
        addSystem(system, &batch);
    m_store->apply(batch);
    m_store->publish();
    m_map = new FleetMap(*m_store, this);
    m_row->addWidget(m_map, 1);
}

void FirstLook::addSystem(const FoundSystem &system, FleetBatch *batch) const
{
    const Layout *const layout = LayoutCatalog::inUse().find(system.layout);
    if (!layout)
        return;
    const TraitsRef traits = traitsOf(*layout);
    const qint64 now = m_clock->nowMs();
    for (qint64 i = 0; i < qMin(system.workers, mostCells); ++i) {
        WorkerText text;
        text.number = WorkerNumber(batch->texts.size() + 1);
        text.id = system.layout.toUtf8() + ':' + QByteArray::number(i);
        text.type = system.title.toUtf8(); // Its part of the map is called so.
        text.traits = traits;
        WorkerSample sample;
        sample.number = text.number;
        sample.readAt = now;
        sample.status = WorkerStatus::Available;
        sample.keyPresent = system.alive < 0 || i < system.alive;
        if (system.alive >= 0 && i < system.alive) {
            sample.beatAt = now;
            sample.newBeat = true;
            sample.ttl = sample.learntTtl = 60'000;
        } else if (system.alive >= 0) {
            sample.flags = WorkerFlag::Registered;
        }
        batch->texts.append(text);
        batch->samples.append(sample);
    }
}

} // namespace pulsedeck
