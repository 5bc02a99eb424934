// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetlook.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/fleetwords.h"
#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FleetLook::FleetLook(const FleetStore &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_now(store.viewNow())
{
    followTheme(this, [this] { makeFaces(); });
    // What a source says of itself changes rarely; it is read again when it does.
    for (const auto signal : {&FleetStore::sourceChanged, &FleetStore::sourceAdded, &FleetStore::sourceRemoved})
        connect(&store, signal, this, [this] { m_sourcesReadAt = 0; });
}

void FleetLook::makeFaces()
{
    const Theme &theme = Theme::instance();
    m_faces[Body].font = theme.bodyFont();
    m_faces[Small].font = theme.smallFont();
    m_faces[Id].font = theme.idFont();
    m_faces[Bold].font = theme.bodyFont();
    m_faces[Bold].font.setBold(true);
    m_faces[Chart].font = theme.chartFont();
    for (Kept &kept : m_faces) {
        kept.pieces.clear();
        kept.height = QFontMetrics(kept.font).height();
    }
    m_rowHeight = qMax(px(24), m_faces[Body].height + 6);
    emit facesChanged();
}

void FleetLook::setOtherSystems(bool others, bool hostColumn)
{
    const bool before = std::exchange(m_otherSystems, others);
    const bool columnBefore = std::exchange(m_hostColumn, hostColumn);
    if (before != others || columnBefore != hostColumn)
        emit sourcesChanged();
}

void FleetLook::beginPaint()
{
    m_now = m_store.viewNow();
    if (m_now - m_sourcesReadAt > 1'000 || m_sourcesReadAt > m_now)
        readSources();
}

void FleetLook::readSources()
{
    m_sourcesReadAt = m_now;
    m_sources.clear();
    for (const SourceId id : m_store.sources()) {
        if (m_sources.size() <= id)
            m_sources.resize(size_t(id) + 1);
        Source &source = m_sources[id];
        const SourceStatus status = m_store.sourceStatus(id);
        source.environment = m_list ? m_list->settings(id).environment : SourceEnvironment::None;
        source.drainTimeout = m_store.drainTimeoutMs(id);
        source.ttl = status.timing.assumed ? 0 : status.timing.workerKeyTtl;
        if (!status.isConnected()) {
            source.frozenAt = status.lostAt > 0 ? status.lostAt : status.since;
            if (source.frozenAt > 0)
                source.frozenText = tr("as of %1").arg(clockText(source.frozenAt));
        }
    }
}

void FleetLook::setSourceList(const SourceListModel &sources)
{
    m_list = &sources;
    m_sourcesReadAt = 0;
    connect(&sources, &QAbstractItemModel::dataChanged, this, [this] {
        // A source reports once a second, mostly what no row shows.
        const std::vector<Source> before = m_sources;
        readSources();
        if (m_sources != before)
            emit sourcesChanged();
    });
}

const FleetLook::Source &FleetLook::source(SourceId id)
{
    if (m_sourcesReadAt == 0)
        readSources();
    static const Source unknown;
    return id < m_sources.size() ? m_sources[id] : unknown;
}

qint64 FleetLook::nowFor(const Worker &worker)
{
    const qint64 frozenAt = source(worker.source).frozenAt;
    return frozenAt > 0 ? qMin(frozenAt, m_now) : m_now;
}

const FleetLook::Piece &FleetLook::piece(Kept &kept, const QString &text)
{
    const auto found = kept.pieces.constFind(text);
    if (found != kept.pieces.constEnd())
        return *found;
    if (kept.pieces.size() >= maxTexts)
        kept.pieces.clear();
    Piece made;
    made.text.setTextFormat(Qt::PlainText);
    made.text.setPerformanceHint(QStaticText::AggressiveCaching);
    made.text.setText(text);
    made.text.prepare(QTransform(), kept.font);
    made.width = qCeil(made.text.size().width());
    return *kept.pieces.insert(text, made);
}

int FleetLook::textWidth(Face face, const QString &text)
{
    return text.isEmpty() ? 0 : piece(m_faces[face], text).width;
}

int FleetLook::drawText(QPainter &painter, Face face, const QRect &rect, const QString &words, const QColor &colour,
                        Qt::Alignment alignment, Qt::TextElideMode elide)
{
    if (words.isEmpty() || rect.width() <= 0)
        return 0;
    const QString text = visibleLine(words); // Most of what stands in a cell is somebody else's.
    Kept &kept = m_faces[face];
    const Piece *what = &piece(kept, text);
    if (what->width > rect.width()) {
        const QString shorter = QFontMetrics(kept.font).elidedText(text, elide, rect.width());
        if (shorter.isEmpty())
            return 0;
        what = &piece(kept, shorter);
    }
    int x = rect.left();
    if (alignment & Qt::AlignRight)
        x = rect.left() + rect.width() - what->width;
    else if (alignment & Qt::AlignHCenter)
        x = rect.left() + (rect.width() - what->width) / 2;
    painter.setFont(kept.font);
    painter.setPen(colour);
    painter.drawStaticText(x, rect.top() + (rect.height() - kept.height) / 2, what->text);
    return what->width;
}

} // namespace pulsedeck
