// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/deathchips.h"

#include "ui/fleet/fleetwords.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"
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

QString shortId(const QByteArray &id)
{
    return plainId(id).left(8);
}

QString deathMoment(qint64 at)
{
    return QDateTime::fromMSecsSinceEpoch(at).toString(u"HH:mm:ss"_s);
}

} // namespace

DeathChips::DeathChips(QWidget *parent)
    : QWidget(parent)
    , m_more(new QToolButton(this))
{
    setObjectName(u"deathChips"_s);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
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
    });
}

void DeathChips::showDeaths(const WhatIfAnswer &answer)
{
    const size_t shown = qMin(answer.worst.size(), m_chips.size());
    m_ids.clear();
    for (size_t i = 0; i < m_chips.size(); ++i) {
        QToolButton *chip = m_chips[i];
        chip->setVisible(i < shown);
        if (i >= shown)
            continue;
        const WhatIfAnswer::Death &death = answer.worst[i];
        m_ids.push_back(death.worker);
        chip->setText(QString(shortId(death.worker) + u' ' + columnTime(death.gapMs)));
        chip->setToolTip(
            tr("%1\nwould have been declared dead at %2: its beat came after %3, %4 with the draft's interval")
                .arg(QString::fromUtf8(death.worker), deathMoment(death.at), measuredText(death.recordedMs),
                     measuredText(death.gapMs)));
        chip->setAccessibleName(tr("Show %1 in the fleet").arg(QString::fromUtf8(death.worker)));
        chip->setAccessibleDescription(chip->toolTip());
    }
    const int rest = answer.deaths - int(shown);
    m_more->setVisible(answer.deaths > 0);
    m_more->setText(rest > 0 ? tr("and %1 more…").arg(groupedNumber(rest)) : tr("list…"));
    m_more->setToolTip(tr("Which workers, and when"));
    setVisible(answer.deaths > 0);
    arrange(width(), true);
    updateGeometry();
}

int DeathChips::arrange(int width, bool place) const
{
    const int gap = Theme::instance().scaled(6);
    int x = 0;
    int y = 0;
    int line = 0;
    std::vector<QToolButton *> all = m_chips;
    all.push_back(m_more);
    for (QToolButton *button : all) {
        if (button->isHidden())
            continue;
        const QSize size = button->sizeHint();
        if (x > 0 && x + size.width() > width) {
            x = 0;
            y += line + gap;
            line = 0;
        }
        if (place)
            button->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + gap;
        line = qMax(line, size.height());
    }
    return y + line;
}

int DeathChips::heightForWidth(int width) const
{
    return arrange(width, false);
}

QSize DeathChips::sizeHint() const
{
    const int wide = Theme::instance().scaled(330);
    return {wide, arrange(wide, false)};
}

QSize DeathChips::minimumSizeHint() const
{
    return {Theme::instance().scaled(140), 0};
}

void DeathChips::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange(width(), true);
}

DeathList::DeathList(const WhatIfAnswer &answer, const QString &restsOn, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"deathListDialog"_s);
    setWindowTitle(tr("Workers that would have been declared dead"));
    auto *layout = new QVBoxLayout(this);
    QString words =
        tr("%1 would have been declared dead and came back. %2.").arg(countedWord(answer.deaths, u"worker"_s), restsOn);
    if (answer.deaths > int(answer.worst.size()))
        words += tr(" The worst %1 are listed.").arg(groupedNumber(qint64(answer.worst.size())));
    auto *what = new ToneLabel(words, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this);
    what->setWordWrap(true);
    layout->addWidget(what);
    auto *table = new QTableWidget(int(answer.worst.size()), 4, this);
    table->setHorizontalHeaderLabels(
        {tr("Worker"), tr("Declared dead at"), tr("Gap with the draft"), tr("Gap as recorded")});
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
        emit workerRequested(table->item(item->row(), 0)->text().toUtf8());
    });
    resize(Theme::instance().scaled(640), Theme::instance().scaled(420));
}

} // namespace pulsedeck
