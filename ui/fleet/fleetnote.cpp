// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetnote.h"

#include "models/core/format.h"
#include "ui/fleet/fleetwords.h"
#include "ui/sources/sourcewords.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Step = FleetNoteWords::Step;

FleetNoteWords troubled(const QString &name, const SourceStatus &status, qint64 now)
{
    const bool failed = status.state == SourceState::Failed;
    const QString message = status.message.isEmpty() ? sourceStateText(status, now) : status.message;
    const QString text = status.hint.isEmpty() ? message : QString(message + u"\n"_s + status.hint);
    // It answers, and what it says is not the whole truth: an empty list is then no empty fleet.
    const bool incomplete = status.isConnected() || status.isCutOff();
    const QString title = failed       ? u"Cannot read %1"_s
                          : incomplete ? u"The workers of %1 are unknown"_s
                                       : u"No connection to %1"_s;
    return {failed ? Glyph::Error : Glyph::Warning, title.arg(name), text,
            failed ? Step::Edit : Step::Retry,      status.source,   true};
}

} // namespace

FleetNoteWords fleetNoteWords(const FleetStore &store, const FleetFilter &filter, int matches)
{
    if (matches > 0)
        return {};
    const std::vector<SourceId> sources = store.sources();
    if (sources.empty())
        return {Glyph::Connections,
                u"No source yet"_s,
                u"Add a Redis or a Signal Hub in the menu Sources, or start the demo fleet."_s,
                Step::None,
                0,
                true};

    std::vector<SourceStatus> visible;
    int workers = 0;
    for (const SourceId id : sources) {
        if (store.isSourceVisible(id)) {
            visible.push_back(store.sourceStatus(id));
            workers += store.sourceWorkerCount(id);
        }
    }
    if (visible.empty())
        return {
            Glyph::Hidden, u"All sources are hidden"_s, u"Tick one in the list of sources to see its workers."_s, Step::None, 0,
            true};
    if (!filter.isReadable())
        return {
            Glyph::Warning,
            u"The filter cannot be read"_s,
            u"Nothing is shown, so that nothing is done to workers it was to keep away. What is wrong stands below the filter."_s,
            Step::ClearFilter,
            0,
            true};
    if (workers > 0 && !filter.isEmpty())
        return {Glyph::Search,
                u"No worker matches"_s,
                u"None of %1 fits %2."_s.arg(countedWord(workers, u"worker"_s), filter.text()),
                Step::ClearFilter,
                0,
                true};

    const qint64 now = store.viewNow();
    // What is furthest on its way is said first: reading, then connecting, then what is wrong.
    for (const SourceStatus &status : visible) {
        if (status.state != SourceState::Loading)
            continue;
        const QString text = status.total > 0 ? QString(groupedNumber(status.loaded) + u" of "_s + groupedNumber(status.total)
                                                        + (status.kind == SourceKind::Hub ? u" actors"_s : u" workers"_s))
                             : status.kind == SourceKind::Hub ? u"Listing actors"_s
                                                              : u"Looking for workers"_s;
        const Glyph glyph = status.kind == SourceKind::Hub ? Glyph::Hub : Glyph::Redis;
        return {glyph,      u"Reading the fleet"_s, QString(text + u" · "_s + store.sourceName(status.source)),
                Step::None, status.source,          false};
    }
    for (const SourceStatus &status : visible) {
        if (status.state == SourceState::Connecting && status.lostAt == 0)
            return {Glyph::Connections,
                    QString(u"Connecting to "_s + store.sourceName(status.source)),
                    u"The first view follows as soon as it answers."_s,
                    Step::None,
                    status.source,
                    false};
    }
    for (const SourceStatus &status : visible) {
        const bool unsure = status.isPartial() || status.forgotten;
        if (isTrouble(status.state) || unsure || status.state == SourceState::Connecting)
            return troubled(store.sourceName(status.source), status, now);
    }
    bool allOff = true;
    for (const SourceStatus &status : visible)
        allOff &= status.state == SourceState::Off;
    const SourceStatus &first = visible.front();
    const QString name = store.sourceName(first.source);
    if (allOff) {
        const QString title = visible.size() == 1 ? QString(u"Disconnected from "_s + name) : u"Disconnected from all sources"_s;
        return {Glyph::Off, title, u"Nothing is read until you connect again."_s, Step::Connect, first.source, true};
    }
    if (!filter.isEmpty())
        return {Glyph::Search, u"No worker matches"_s, u"There is no worker at all yet."_s, Step::ClearFilter, 0, true};
    if (first.kind == SourceKind::Hub) {
        return {
            Glyph::Hub,
            u"No actors at "_s + name,
            u"It is connected, and nobody is registered there. A hub that was silent for ten seconds has forgotten its actors,\n"
            u"and they have to register anew. One shows here as soon as the list is read again."_s,
            Step::None,
            first.source,
            true};
    }
    return {Glyph::Fleet,
            u"No workers in "_s + name,
            u"It is connected, and no key worker:* nor any counter in cluster:active_connections was found.\n"
            u"A worker shows here as soon as it registers. If you expected some, check the database number."_s,
            Step::None,
            first.source,
            true};
}

FleetNote::FleetNote(QWidget *parent)
    : QWidget(parent)
    , m_title(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, this))
    , m_text(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_button(new QPushButton(this))
{
    const Theme &measures = Theme::instance();
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(measures.scaled(8));
    layout->addStretch(2);
    layout->addSpacing(measures.scaled(40)); // The mark is painted here.
    m_title->setAlignment(Qt::AlignHCenter);
    layout->addWidget(m_title);
    m_text->setAlignment(Qt::AlignHCenter);
    m_text->setWordWrap(true);
    layout->addWidget(m_text);
    layout->addSpacing(measures.scaled(4));
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    connect(m_button, &QPushButton::clicked, this, [this] { emit stepRequested(m_words.step, m_words.source); });
    hide();
}

void FleetNote::setWords(const FleetNoteWords &words)
{
    m_words = words;
    setVisible(!words.title.isEmpty());
    if (words.title.isEmpty())
        return;
    m_title->setText(words.title);
    m_text->setText(words.text);
    static const QString labels[] = {QString(), u"Clear filter"_s, u"Retry now"_s, u"Edit…"_s, u"Connect"_s};
    m_button->setText(labels[size_t(words.step)]);
    m_button->setVisible(words.step != Step::None);
    setButtonRole(m_button, words.step == Step::ClearFilter ? ButtonRole::Normal : ButtonRole::Primary);
    setAccessibleName(QString(words.title + u". "_s + words.text));
    update();
}

void FleetNote::paintEvent(QPaintEvent *)
{
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    const QColor colour = m_words.glyph == Glyph::Warning ? theme().late
                          : m_words.glyph == Glyph::Error ? theme().stale
                                                          : theme().faint;
    paintGlyph(painter, QPointF(width() / 2.0, m_title->geometry().top() - measures.scaled(24)), measures.scaled(28),
               m_words.glyph, colour);
}

} // namespace pulsedeck
