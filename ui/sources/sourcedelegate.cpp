// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/sourcedelegate.h"

#include "ui/common/environmentmark.h"
#include "ui/common/sourcewords.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString secondLine(const SourceSettings &settings, const SourceStatus &status)
{
    if (isTrouble(status) && !status.message.isEmpty())
        return status.message;
    QString text = sourceAddressLine(settings);
    if (!settings.visible)
        text += u" · "_s + SourceDelegate::tr("hidden");
    return text;
}

} // namespace

SourceDelegate::SourceDelegate(const SourceListModel &sources, const FleetStore &store, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_sources(sources)
    , m_store(store)
{ }

QSize SourceDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int height = option.fontMetrics.height() + QFontMetrics(Theme::instance().smallFont()).height() + px(14);
    return {px(120), height};
}

void SourceDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const SourceSettings settings = m_sources.settings(m_sources.idAt(index.row()));
    SourceStatus status = m_store.sourceStatus(settings.id);
    const ThemeTokens &t = theme();
    const QRect r = option.rect;
    const bool selected = option.state.testFlag(QStyle::State_Selected);

    painter->save();
    painter->fillRect(r, selected ? t.sel : option.state.testFlag(QStyle::State_MouseOver) ? t.hover : t.base);
    painter->fillRect(r.x(), r.bottom(), r.width(), 1, selected ? t.sel : t.grid);
    if (selected)
        painter->fillRect(r.x(), r.y(), 2, r.height(), t.selLine);

    const int left = r.x() + px(36);
    const int right = r.right() - px(11);
    const int firstHeight = option.fontMetrics.height();
    const QRect first(left, r.y() + px(5), right - left, firstHeight);
    const QFont small = Theme::instance().smallFont();
    const QFontMetrics smallMetrics(small);
    const QRect second(left, first.bottom() + px(3), right - left, smallMetrics.height());
    paintGlyph(*painter, QPointF(r.x() + px(16), first.center().y() + 1.0), px(12), sourceGlyph(status));

    const QString state = sourceShortState(status);
    const int stateWidth = smallMetrics.horizontalAdvance(state);
    painter->setFont(small);
    const bool trouble = isTrouble(status);
    const QColor alarm = status.state == SourceState::Failed ? t.stale : t.late;
    painter->setPen(trouble ? alarm : t.dim);
    painter->drawText(first, Qt::AlignVCenter | Qt::AlignRight, state);

    int room = first.width() - stateWidth - px(10);
    int mark = 0;
    if (settings.environment != SourceEnvironment::None) {
        mark = px(environmentMarkRoom);
        paintEnvironmentMark(*painter, QRectF(first.x(), first.y() + 1, px(3), first.height() - 2), settings.environment);
        room -= mark;
    }
    painter->setFont(option.font);
    painter->setPen(t.text);
    const QString name = option.fontMetrics.elidedText(settings.name, Qt::ElideMiddle, room);
    painter->drawText(first.adjusted(mark, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, name);
    const int nameWidth = mark + option.fontMetrics.horizontalAdvance(name) + px(7);
    room -= nameWidth - mark;
    const QString kind = sourceKindName(settings);
    if (room > smallMetrics.horizontalAdvance(kind)) {
        painter->setFont(small);
        painter->setPen(t.dim);
        painter->drawText(first.adjusted(nameWidth, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, kind);
    }

    painter->setFont(small);
    painter->setPen(trouble ? alarm : t.dim);
    painter->drawText(second, Qt::AlignVCenter | Qt::AlignLeft,
                      smallMetrics.elidedText(secondLine(settings, status), Qt::ElideRight, second.width()));
    if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange))
        stylepaint::focusFrame(painter, r);
    painter->restore();
}

} // namespace pulsedeck
