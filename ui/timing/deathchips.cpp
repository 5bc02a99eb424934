// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/deathchips.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingwords.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString shortestId(const QByteArray &id)
{
    return visibleLine(QString::fromUtf8(bareId(id, *TraitsRef::ofId(id))).left(8));
}

QString deathMoment(qint64 at)
{
    // A recording may be of another day.
    return shownTime(at).date() == shownWallTime(QDateTime::currentMSecsSinceEpoch()).date() ? clockText(at) : dateTimeText(at);
}

} // namespace

DeathChips::DeathChips(QWidget *parent)
    : QWidget(parent)
    , m_more(new QToolButton(this))
    , m_none(new ToneLabel(tr("No gap between heartbeats is longer."), ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
{
    setObjectName(u"deathChips"_s);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    for (int i = 0; i < mostChips; ++i) {
        auto *chip = new QToolButton(this);
        chip->setFont(Theme::instance().idFont());
        chip->setVisible(false);
        connect(chip, &QToolButton::clicked, this, [this, i] {
            if (size_t(i) < m_ids.size())
                emit workerRequested(m_ids[size_t(i)]);
        });
        m_chips.push_back(chip);
    }
    m_more->setObjectName(u"deathList"_s);
    setButtonRole(m_more, ButtonRole::Link);
    m_more->setVisible(false);
    connect(m_more, &QToolButton::clicked, this, &DeathChips::listRequested);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        for (QToolButton *chip : m_chips)
            chip->setFont(Theme::instance().idFont());
        updateGeometry();
        arrange();
    });
}

void DeathChips::showDeaths(const WhatIfAnswer &answer)
{
    m_deaths = answer.deaths;
    m_ids.clear();
    for (size_t i = 0; i < qMin(answer.worst.size(), m_chips.size()); ++i) {
        QToolButton *chip = m_chips[i];
        const WhatIfAnswer::Death &death = answer.worst[i];
        m_ids.push_back(death.worker);
        chip->setText(QString(shortestId(death.worker) + u' ' + columnTime(death.gapMs)));
        chip->setToolTip(tr("%1\nwould have been declared dead at %2: its beat came after %3 (%4 with the draft's interval)")
                             .arg(QString::fromUtf8(death.worker), deathMoment(death.at), measuredText(death.recordedMs),
                                  measuredText(death.gapMs)));
        chip->setAccessibleName(tr("Show %1 in the fleet").arg(QString::fromUtf8(death.worker)));
        chip->setAccessibleDescription(chip->toolTip());
    }
    m_more->setToolTip(tr("Show which workers, and when"));
    arrange();
}

void DeathChips::putMore(int shown)
{
    const int rest = m_deaths - shown;
    m_more->setText(rest == 0    ? tr("list…")
                    : shown == 0 ? tr("list %1…").arg(groupedNumber(rest))
                                 : tr("and %1 more…").arg(groupedNumber(rest)));
}

void DeathChips::arrange()
{
    const int gap = px(6);
    const auto widthOf = [&](int shown) {
        putMore(shown);
        int width = m_more->sizeHint().width();
        for (int i = 0; i < shown; ++i)
            width += m_chips[size_t(i)]->sizeHint().width() + gap;
        return width;
    };
    int shown = int(m_ids.size());
    while (shown > 0 && widthOf(shown) > width())
        --shown;
    putMore(shown);
    int x = 0;
    const auto place = [&](QWidget *part, bool visible) {
        part->setVisible(visible);
        if (!visible)
            return;
        const QSize size = part->sizeHint();
        part->setGeometry(x, (height() - size.height()) / 2, size.width(), size.height());
        x += size.width() + gap;
    };
    for (int i = 0; i < int(m_chips.size()); ++i)
        place(m_chips[size_t(i)], i < shown);
    place(m_more, m_deaths > 0);
    place(m_none, m_deaths == 0);
}

QSize DeathChips::sizeHint() const
{
    return {px(330), minimumSizeHint().height()};
}

QSize DeathChips::minimumSizeHint() const
{
    // The chips' own height, also while none is shown.
    return {px(140), qMax(m_chips.front()->sizeHint().height(), m_more->sizeHint().height())};
}

void DeathChips::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

DeathList::DeathList(const WhatIfAnswer &answer, const QString &basis, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"deathListDialog"_s);
    setWindowTitle(tr("Workers that would have been declared dead"));
    auto *layout = new QVBoxLayout(this);
    QString words =
        tr("%Ln worker(s) would have been declared dead and came back. Based on %1.", nullptr, answer.deaths).arg(basis);
    if (answer.deaths > int(answer.worst.size()))
        words += u' ' + tr("The worst %Ln (is/are) listed.", nullptr, int(answer.worst.size()));
    layout->addWidget((new ToneLabel(words, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))->wrapped());
    auto *table = new QTableWidget(int(answer.worst.size()), 4, this);
    table->setHorizontalHeaderLabels({tr("Worker"), tr("Declared dead at"), tr("Gap with the draft"), tr("Gap as recorded")});
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false);
    table->setAccessibleName(windowTitle());
    for (int row = 0; row < table->rowCount(); ++row) {
        const WhatIfAnswer::Death &death = answer.worst[size_t(row)];
        auto *id = new QTableWidgetItem(QString::fromUtf8(death.worker));
        id->setFont(Theme::instance().idFont());
        table->setItem(row, 0, id);
        table->setItem(row, 1, new QTableWidgetItem(deathMoment(death.at)));
        table->setItem(row, 2, new QTableWidgetItem(measuredText(death.gapMs)));
        table->setItem(row, 3, new QTableWidgetItem(measuredText(death.recordedMs)));
        for (int column = 1; column < 4; ++column)
            table->item(row, column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    layout->addWidget(table, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(table, &QTableWidget::itemActivated, this, [this, table](const QTableWidgetItem *item) {
        const QByteArray id = table->item(item->row(), 0)->text().toUtf8();
        accept(); // The worker is shown on another page, which this would cover.
        emit workerRequested(id);
    });
    resize(px(640), px(420));
}

} // namespace pulsedeck
