// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/grouplist.h"

#include "models/core/format.h"
#include "ui/commands/stagebar.h"
#include "ui/common/commandtexts.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// A row, in the design's pixels.
constexpr int sideMargin = 12;
constexpr int glyphSize = 12;
constexpr int afterGlyph = 7;
constexpr int beforeCount = 8;

QString groupCountText(int succeeded, int total)
{
    return u"%1/%2"_s.arg(groupedNumber(succeeded), groupedNumber(total));
}

} // namespace

GroupListModel::GroupListModel(const CommandContext &context, QObject *parent)
    : QAbstractListModel(parent)
    , m_context(context)
    , m_groups(context.ledger.groups())
{
    for (size_t i = 0; i < m_groups.size(); ++i)
        m_places.insert(m_groups[i], int(i));
    connect(&context.ledger, &CommandLedger::groupAdded, this, [this](const QUuid &group) {
        if (m_places.contains(group))
            return;
        beginInsertRows({}, 1, 1); // Below the line for all: the newest is first.
        m_places.insert(group, int(m_groups.size()));
        m_groups.push_back(group);
        endInsertRows();
    });
    connect(&context.ledger, &CommandLedger::groupChanged, this, [this](const QUuid &group) {
        const int row = rowOf(group);
        if (row >= 0)
            emit dataChanged(index(row), index(row));
        emit dataChanged(index(0), index(0));
    });
    connect(&context.ledger, &CommandLedger::entriesDropped, this, [this] {
        if (m_groups == m_context.ledger.groups())
            return;
        beginResetModel();
        m_groups = m_context.ledger.groups();
        m_places.clear();
        for (size_t i = 0; i < m_groups.size(); ++i)
            m_places.insert(m_groups[i], int(i));
        endResetModel();
    });
}

int GroupListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_groups.empty() ? 0 : int(m_groups.size()) + 1;
}

QUuid GroupListModel::groupAt(int row) const
{
    return row > 0 && row <= int(m_groups.size()) ? m_groups[m_groups.size() - size_t(row)] : QUuid();
}

int GroupListModel::rowOf(const QUuid &group) const
{
    if (group.isNull())
        return m_groups.empty() ? -1 : 0;
    const auto found = m_places.constFind(group);
    return found == m_places.constEnd() ? -1 : int(m_groups.size()) - *found;
}

QString GroupListModel::lineOf(const CommandGroup &group) const
{
    QStringList parts;
    if (group.theirs)
        parts.append(group.by.isEmpty() ? tr("theirs") : tr("theirs, %1").arg(group.by));
    parts.append(clockText(group.startedAt));
    if (!group.theirs && !group.by.isEmpty())
        parts.append(group.by);
    if (!group.reason.isEmpty())
        parts.append(group.reason);
    return parts.join(u" · "_s);
}

bool GroupListModel::isUnderway(int row) const
{
    const CommandGroup *group = m_context.ledger.group(groupAt(row));
    return group && pulsedeck::isUnderway(*group, awaitedOf(m_context, *group));
}

void GroupListModel::review()
{
    std::vector<QUuid> awaited;
    // Answers are waited for for half a minute: only what was delivered lately can be among them.
    for (auto id = m_groups.rbegin(); id != m_groups.rend(); ++id) {
        const CommandGroup *group = m_context.ledger.group(*id);
        if (group && group->actors > 0 && awaitedOf(m_context, *group) > 0)
            awaited.push_back(*id);
    }
    for (const QUuid &id : std::exchange(m_awaited, awaited)) {
        if (std::find(m_awaited.begin(), m_awaited.end(), id) == m_awaited.end() && rowOf(id) >= 0)
            emit dataChanged(index(rowOf(id)), index(rowOf(id)));
    }
}

QVariant GroupListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const QUuid id = groupAt(index.row());
    if (role == GroupRole)
        return id;
    const CommandGroup *group = m_context.ledger.group(id);
    if (!group) {
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
            return index.row() == 0 ? tr("All commands") : QString();
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
        return groupTitle(*group);
    case Qt::AccessibleTextRole:
        return tr("%1, %2 of %3 %4, %5, %6")
            .arg(groupTitle(*group), groupedNumber(group->succeeded()), groupedNumber(group->total()), successWord(group->act),
                 isUnderway(index.row()) ? tr("under way") : tr("over"), lineOf(*group));
    case Qt::ToolTipRole: {
        QStringList lines{groupTitle(*group), lineOf(*group)};
        for (const StageShare &share : sharesOf(*group, awaitedOf(m_context, *group)))
            lines.append(shareText(share));
        return lines.join(u'\n');
    }
    default:
        return {};
    }
}

GroupDelegate::GroupDelegate(const GroupListModel &model, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_model(model)
{ }

QString GroupDelegate::countOf(const CommandGroup &group) const
{
    return groupCountText(group.succeeded(), group.total());
}

int GroupDelegate::wantedWidth(int firstRow, int lastRow) const
{
    const QFontMetrics body(Theme::instance().bodyFont());
    const QFontMetrics small(Theme::instance().smallFont());
    int width = 0;
    for (int row = firstRow; row <= lastRow; ++row) {
        // The count takes the most room when all are done.
        if (const CommandGroup *group = m_model.context().ledger.group(m_model.groupAt(row)))
            width = qMax(width, body.horizontalAdvance(groupTitle(*group))
                                    + small.horizontalAdvance(groupCountText(group->total(), group->total())));
    }
    return width == 0 ? 0 : width + px(2 * sideMargin + glyphSize + afterGlyph + beforeCount) + 1;
}

QString GroupDelegate::fittingTitle(const CommandGroup &group, const QFontMetrics &metrics, int width)
{
    const QString whole = groupTitle(group);
    return metrics.horizontalAdvance(whole) <= width ? whole
                                                     : metrics.elidedText(groupTitle(group, true), Qt::ElideMiddle, width);
}

QSize GroupDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const Theme &t = Theme::instance();
    const int body = QFontMetrics(t.bodyFont()).height();
    if (index.row() == 0)
        return {px(120), body + px(16)};
    return {px(120), body + QFontMetrics(t.smallFont()).height() + px(28)};
}

void GroupDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &t = Theme::instance();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    const QRect r = option.rect;
    painter->fillRect(r, selected ? theme().sel : option.state.testFlag(QStyle::State_MouseOver) ? theme().hover : theme().base);
    if (selected)
        painter->fillRect(QRect(r.left(), r.top(), 2, r.height()), theme().selLine);
    painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), theme().grid);
    const QRect inner = r.adjusted(px(sideMargin), px(8), -px(sideMargin), -px(8));
    painter->setFont(t.bodyFont());
    const int body = painter->fontMetrics().height();
    QRect first(inner.left(), inner.top(), inner.width(), body);
    painter->setPen(theme().text);
    const CommandGroup *group = m_model.context().ledger.group(m_model.groupAt(index.row()));
    if (!group) {
        painter->drawText(first, Qt::AlignVCenter, index.data().toString());
        painter->setPen(theme().dim);
        painter->setFont(t.smallFont());
        painter->drawText(first, Qt::AlignVCenter | Qt::AlignRight, groupedNumber(m_model.context().ledger.size()));
    } else {
        const int awaited = awaitedOf(m_model.context(), *group);
        const bool running = isUnderway(*group, awaited);
        const int size = px(glyphSize);
        paintGlyph(*painter, QPointF(first.left() + size / 2.0, QRectF(first).center().y()), size, actGlyph(group->act),
                   running ? QColor() : theme().dim);
        first.setLeft(first.left() + size + px(afterGlyph));
        painter->setFont(t.smallFont());
        const QString count = countOf(*group);
        painter->setPen(running ? theme().text : theme().dim);
        painter->drawText(first, Qt::AlignVCenter | Qt::AlignRight, count);
        first.setRight(first.right() - painter->fontMetrics().horizontalAdvance(count) - px(beforeCount));
        painter->setFont(t.bodyFont());
        painter->setPen(running ? theme().text : theme().dim);
        painter->drawText(first, Qt::AlignVCenter, fittingTitle(*group, painter->fontMetrics(), first.width()));
        const QRect bar(inner.left(), first.bottom() + px(4), inner.width(), px(5));
        paintStageBar(*painter, bar, sharesOf(*group, awaited));
        painter->setFont(t.smallFont());
        QRect second(inner.left(), bar.bottom() + px(4), inner.width(), painter->fontMetrics().height());
        painter->setPen(group->theirs ? theme().accent : selected ? theme().dim : theme().faint);
        painter->drawText(second, Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(m_model.lineOf(*group), Qt::ElideRight, second.width()));
    }
    if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange))
        stylepaint::focusFrame(painter, r);
    painter->restore();
}

} // namespace pulsedeck
