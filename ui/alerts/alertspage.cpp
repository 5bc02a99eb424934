// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/alertspage.h"

#include "models/core/format.h"
#include "ui/alerts/alertcells.h"
#include "ui/alerts/alertdetail.h"
#include "ui/alerts/letterlesstable.h"
#include "ui/alerts/outletpanel.h"
#include "ui/alerts/rulecells.h"
#include "ui/alerts/silencedialog.h"
#include "ui/alerts/twolinecell.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/columnscroll.h"
#include "ui/common/emptynote.h"
#include "ui/common/prefixedcombo.h"
#include "ui/common/rowtable.h"
#include "ui/common/searchfield.h"
#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QSplitter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AlertsPage::AlertsPage(AlertEngine &engine, const FleetStore &store, const QString &by, QWidget *parent)
    : Page(pageName, tr("Alerts"), Glyph::Alerts, parent)
    , m_engine(engine)
    , m_store(store)
    , m_by(by)
    , m_alerts(engine, store)
    , m_rules(engine)
    , m_list(new LetterlessTable(TwoLineCell::height, this))
    , m_detail(new AlertDetail(engine, store, by, this))
    , m_outlets(new OutletPanel(this))
    , m_empty(new EmptyNote(m_list))
{
    setObjectName(u"alertsPage"_s);
    m_list->setObjectName(u"alertList"_s);
    m_list->setAccessibleName(tr("Alerts"));
    m_list->setModel(&m_alerts);
    m_list->setItemDelegate(new AlertDelegate(m_alerts, this));
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setFramedWhenEmpty(true);
    // One cell of two lines says all of them.
    for (const AlertColumn column :
         {AlertColumn::State, AlertColumn::Place, AlertColumn::Since, AlertColumn::Time, AlertColumn::Note})
        m_list->setColumnHidden(int(column), true);
    m_list->horizontalHeader()->hide();
    m_list->horizontalHeader()->setSectionResizeMode(int(AlertColumn::Title), QHeaderView::Stretch);
    connect(m_list, &RowTable::selectionMoved, this, &AlertsPage::showSelected);

    auto *upper = new QSplitter(Qt::Horizontal, this);
    upper->addWidget(m_list);
    upper->addWidget(new ColumnScroll(m_detail, this)); // With large letters in a low window.
    upper->setStretchFactor(0, 2);
    upper->setStretchFactor(1, 3);
    upper->setSizes({2'000, 3'000}); // In proportion.
    upper->setChildrenCollapsible(false);
    auto *parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(upper);
    auto *lower = new QSplitter(Qt::Horizontal, this);
    lower->addWidget(makeRules());
    lower->addWidget(m_outlets);
    lower->setStretchFactor(0, 3);
    lower->setStretchFactor(1, 1);
    lower->setChildrenCollapsible(false);
    parts->addWidget(lower);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    parts->setChildrenCollapsible(false);
    auto *column = vbox(this, 0);
    column->addWidget(makeHeader());
    column->addWidget(makeBar());
    column->addWidget(parts, 1);
    setFocusProxy(m_list);

    connect(&engine, &AlertEngine::changed, this, &AlertsPage::review);
    connect(m_detail, &AlertDetail::filterRequested, this, &Page::filterRequested);
    connect(m_detail, &AlertDetail::timelineRequested, this, &AlertsPage::timelineRequested);
    connect(m_detail, &AlertDetail::workerRequested, this, &Page::workerRequested);
    connect(m_detail, &AlertDetail::noticed, this, &Page::noticed);
    connect(m_outlets, &OutletPanel::succeeded, this, &Page::succeeded);
    review();
    refresh();
}

QWidget *AlertsPage::makeHeader()
{
    auto *header = new Band(Qt::BottomEdge, Band::Ground::Chrome, this);
    header->setObjectName(u"alertsHeader"_s);
    auto *row = hbox(header, 22, {14, 6, 14, 6});
    const auto add = [&](const QString &word, const QString &name) {
        auto *figure = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, header))->named(name);
        figure->setAccessibleDescription(word);
        auto *pair = vbox(0);
        addWidgets(pair, {figure, new ToneLabel(word, ToneLabel::Tone::Dim, ToneLabel::Face::Small, header)});
        row->addLayout(pair);
        return figure;
    };
    m_firing = add(tr("firing", "alerts"), u"figureFiring"_s);
    m_pending = add(tr("pending", "alerts"), u"figurePending"_s);
    m_silenced = add(tr("silenced", "alerts"), u"figureSilenced"_s);
    m_resolved = add(tr("resolved in 24 h", "alerts"), u"figureResolved"_s);
    row->addStretch(1);
    return header;
}

QWidget *AlertsPage::makeBar()
{
    auto *bar = new Band(Qt::BottomEdge, Band::Ground::Chrome, this);
    bar->setObjectName(u"alertsBar"_s);
    auto *row = hbox(bar, 8, {14, 6, 14, 6});
    m_search = new SearchField(tr("host:10.4.2.17 env:production rule:lost"), tr("Filter of alerts"), bar);
    m_search->setObjectName(u"alertFilter"_s);
    m_search->setToolTip(tr("Words, and rule:, env:, source:, host: and state: with a part of the name (Ctrl+F)"));
    m_shown = new SegmentedRow(tr("Which alerts are listed"), bar);
    for (int shown = 0; shown < alertShownCount; ++shown)
        m_shown->add(shown, QString(), u"alertsShown%1"_s.arg(shown));
    m_shown->setChoice(int(AlertShown::All));
    m_order = new PrefixedCombo(tr("Sort"), bar);
    m_order->setObjectName(u"alertOrder"_s);
    m_order->setAccessibleName(tr("Sort alerts by"));
    m_order->addItem(tr("State"), int(AlertOrder::State));
    m_order->addItem(tr("Rule"), int(AlertOrder::Rule));
    m_order->addItem(tr("Source"), int(AlertOrder::Source));
    row->addWidget(m_search, 1);
    auto *silences = plainButton(tr("Schedule Silence…"), u"scheduleSilence"_s, bar);
    connect(silences, &QPushButton::clicked, this, &AlertsPage::openSilences);
    addWidgets(row, {m_shown, m_order, silences});
    connect(m_search, &QLineEdit::textChanged, this, &AlertsPage::filter);
    connect(m_shown, &SegmentedRow::chosen, this, &AlertsPage::filter);
    connect(m_order, &QComboBox::currentIndexChanged, this, [this] {
        m_alerts.setOrder(AlertOrder(m_order->currentData().toInt()));
        m_stale = true;
        refresh();
    });
    return bar;
}

void AlertsPage::openSilences()
{
    (new SilenceDialog(m_engine, m_store, m_by, this))->open();
}

void AlertsPage::reviewSwitch()
{
    const AlertRule *rule = m_rules.ruleAt(m_ruleTable->currentIndex().row());
    m_switch->setEnabled(rule);
    m_switch->setText(rule && !rule->on ? tr("Switch On") : tr("Switch Off"));
}

void AlertsPage::filter()
{
    m_alerts.setFilter(m_search->text(), AlertShown(m_shown->choice()));
    m_stale = true;
    refresh();
}

void AlertsPage::focusFilter()
{
    m_search->focusAll();
}

void AlertsPage::escape()
{
    m_search->clear();
    m_list->setFocus(Qt::OtherFocusReason);
}

QWidget *AlertsPage::makeRules()
{
    constexpr int ruleHeight = 24;
    auto *box = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *head = hbox(8);
    head->setContentsMargins(pxMargins(14, 6, 14, 6));
    m_ruleCount = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, box))->named(u"ruleCount"_s);
    addWidgets(head, {new ToneLabel(tr("Rules"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, box), m_ruleCount});
    head->addStretch(1);
    m_switch = plainButton(tr("Switch Off"), u"ruleSwitch"_s, box);
    m_switch->setToolTip(tr("Switches the selected rule off or on, in this window"));
    head->addWidget(m_switch);
    m_ruleTable = new LetterlessTable(ruleHeight, box);
    m_ruleTable->setObjectName(u"ruleTable"_s);
    m_ruleTable->setAccessibleName(tr("Rules"));
    m_ruleTable->setModel(&m_rules);
    m_ruleTable->setItemDelegate(new RuleDelegate(m_ruleTable));
    followTheme(m_ruleTable, [this] { fitRules(); });
    connect(m_ruleTable, &RowTable::widthChanged, this, &AlertsPage::fitRules);
    m_ruleTable->horizontalHeader()->setSectionResizeMode(int(AlertRuleColumn::When), QHeaderView::Stretch);
    m_ruleTable->setSelectionMode(QAbstractItemView::SingleSelection);
    connect(m_ruleTable, &RowTable::selectionMoved, this, &AlertsPage::reviewSwitch);
    connect(&m_rules, &AlertRuleModel::switched, this, &AlertsPage::ruleSwitched);
    connect(m_switch, &QPushButton::clicked, this, [this] {
        const QModelIndex rule = m_rules.index(m_ruleTable->currentIndex().row(), int(AlertRuleColumn::When));
        const bool on = rule.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        m_rules.setData(rule, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    });
    reviewSwitch();
    auto *column = vbox(box, 0);
    column->addLayout(head);
    column->addWidget(m_ruleTable, 1);
    return box;
}

/// Each column has the width of its words. Where there is no room for all, what a rule looks for has its words first.
void AlertsPage::fitRules()
{
    constexpr int leastWidth = 64;
    const QFont small = m_ruleTable->horizontalHeader()->font();
    std::array<int, alertRuleColumnCount> widths{};
    int over = -m_ruleTable->viewport()->width();
    for (int column = 0; column < alertRuleColumnCount; ++column) {
        int &width = widths[size_t(column)];
        width = RuleDelegate::roomFor(m_rules.headerData(column, Qt::Horizontal).toString(), small);
        for (int row = 0; row < m_rules.rowCount(); ++row)
            width = qMax(width, RuleDelegate::roomFor(m_rules.index(row, column).data().toString(), m_ruleTable->font()));
        if (column == int(AlertRuleColumn::When))
            width += RuleDelegate::switchRoom();
        over += width;
    }
    for (const AlertRuleColumn column :
         {AlertRuleColumn::Environment, AlertRuleColumn::SentTo, AlertRuleColumn::For, AlertRuleColumn::Now}) {
        int &width = widths[size_t(column)];
        const int given = qBound(0, over, qMax(0, width - px(leastWidth)));
        width -= given;
        over -= given;
        m_ruleTable->setColumnWidth(int(column), width); // The other one has the rest.
    }
}

void AlertsPage::setOutlets(OutletBoard *board)
{
    m_outlets->setBoard(board);
}

QString AlertsPage::navigationText() const
{
    return m_calling > 0 ? groupedNumber(m_calling) : QString();
}

void AlertsPage::review()
{
    m_stale = true;
    const int calling = int(m_engine.calling().size());
    if (std::exchange(m_calling, calling) != calling)
        emit countChanged();
    if (isVisible())
        refresh();
}

void AlertsPage::refresh()
{
    if (!isVisible() && !m_stale)
        return;
    m_stale = false;
    m_outlets->refresh();
    const QString selected = m_selected; // Before rows move.
    const qint64 selectedAt = m_selectedAt;
    const AlertRule *chosen = m_rules.ruleAt(m_ruleTable->currentIndex().row());
    const QString ruleName = chosen ? chosen->name : QString();
    m_alerts.refresh();
    m_rules.refresh();
    fitRules();
    // One that was switched is at the same place.
    for (int row = 0; m_ruleTable->currentIndex().row() < 0 && row < m_rules.rowCount(); ++row) {
        if (!ruleName.isEmpty() && m_rules.ruleAt(row)->name == ruleName)
            m_ruleTable->selectRow(row);
    }
    reviewSwitch();
    const int firing = m_alerts.count(AlertShown::Firing);
    const int pending = m_alerts.count(AlertShown::Pending);
    const int silenced = m_alerts.count(AlertShown::Silenced);
    const int resolved = m_alerts.count(AlertShown::Resolved);
    m_shown->button(int(AlertShown::All))->setText(tr("All", "alerts"));
    m_shown->button(int(AlertShown::Firing))->setText(tr("Firing %1").arg(firing));
    m_shown->button(int(AlertShown::Pending))->setText(tr("Pending %1").arg(pending));
    m_shown->button(int(AlertShown::Silenced))->setText(tr("Silenced %1").arg(silenced));
    m_shown->button(int(AlertShown::Resolved))->setText(tr("Resolved %1").arg(resolved));
    m_firing->setText(groupedNumber(firing));
    m_firing->setTone(firing > 0 ? ToneLabel::Tone::Stale : ToneLabel::Tone::Text);
    m_pending->setText(groupedNumber(pending));
    m_silenced->setText(groupedNumber(silenced));
    m_resolved->setText(groupedNumber(resolved));
    const QList<AlertRule> &rules = m_engine.plan().rules;
    const auto on = std::count_if(rules.begin(), rules.end(), [](const AlertRule &rule) { return rule.on; });
    m_ruleCount->setText(tr("%1, %2 on").arg(rules.size()).arg(on));
    const bool none = m_alerts.rowCount() == 0;
    const bool filtered = m_alerts.count(AlertShown::All) > 0;
    m_empty->setWords(
        !none      ? EmptyWords()
        : filtered ? EmptyWords{Glyph::Search, tr("No alert matches"), tr("There are others. Clear the filter and choose All.")}
                   : EmptyWords{Glyph::Ok, tr("No alert"), tr("Nothing that a rule looks for has happened.")});
    const int row = m_alerts.rowOf(selected, selectedAt);
    if (row >= 0 && m_list->currentIndex().row() != row)
        m_list->selectRow(row);
    else if (row < 0 && !none)
        m_list->selectRow(m_alerts.firstRow());
    showSelected();
}

void AlertsPage::showSelected()
{
    const Alert *alert = m_alerts.alertAt(m_list->currentIndex().row());
    m_selected = alert ? alert->id : QString();
    m_selectedAt = alert ? alert->firedAt : 0;
    m_detail->show(alert);
}

void AlertsPage::showAlert(const QString &id)
{
    if (const int row = m_alerts.rowOf(id); row >= 0)
        m_list->selectRow(row);
}

void AlertsPage::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() == Qt::NoModifier && event->key() == Qt::Key_A)
        m_detail->acknowledge();
    else if (event->modifiers() == Qt::NoModifier && event->key() == Qt::Key_S)
        m_detail->openSilences();
    else if (event->modifiers() == Qt::NoModifier && event->key() == Qt::Key_F)
        m_detail->showInFleet();
    else if (event->modifiers() == Qt::NoModifier && event->key() == Qt::Key_T)
        m_detail->showInTimeline();
    else
        Page::keyPressEvent(event);
}

QString AlertsPage::whyNoPast() const
{
    return tr("Alerts are about what is seen now. Who was late or lost then stands on the Fleet and the Timeline page.");
}

} // namespace pulsedeck
