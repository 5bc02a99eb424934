// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/outletpanel.h"

#include "ui/alerts/letterlesstable.h"
#include "ui/alerts/twolinecell.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QPushButton>
#include <QStyledItemDelegate>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class OutletDelegate final : public QStyledItemDelegate
{
public:
    OutletDelegate(const OutletModel &outlets, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_outlets(outlets)
    { }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const OutletRow *outlet = m_outlets.outletAt(index.row());
        if (!outlet)
            return;
        TwoLineCell cell;
        switch (outlet->state) {
        case OutletRow::State::Quiet:
            cell.glyph = Glyph::Sent;
            cell.glyphColour = theme().dim;
            break;
        case OutletRow::State::Good:
            cell.glyph = Glyph::Ok;
            break;
        case OutletRow::State::Retrying:
            cell.glyph = Glyph::Warning;
            cell.upperRightColour = theme().late;
            break;
        case OutletRow::State::Bad:
            cell.glyph = Glyph::Error;
            cell.upperRightColour = theme().stale;
            break;
        }
        cell.upper = outlet->title;
        cell.lower = outlet->detail;
        cell.upperRight = outlet->last;
        cell.lowerRight = outlet->count;
        cell.paint(*painter, option.rect, option.font);
    }

private:
    const OutletModel &m_outlets;
};

} // namespace

OutletPanel::OutletPanel(QWidget *parent)
    : Band(Qt::TopEdge | Qt::LeftEdge, Band::Ground::Chrome, parent)
    , m_list(new LetterlessTable(TwoLineCell::height, this))
    , m_count((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))->named(u"outletCount"_s))
    , m_test(plainButton(tr("Send Test"), u"outletTest"_s, this))
{
    setObjectName(u"outletPanel"_s);
    m_list->setObjectName(u"outletList"_s);
    m_list->setAccessibleName(tr("Outlets"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new OutletDelegate(m_model, this));
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->horizontalHeader()->hide();
    m_list->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_test->setToolTip(tr("Sends a message that says it is a test to the selected outlet"));
    connect(m_test, &QPushButton::clicked, this, &OutletPanel::sendTest);
    connect(m_list, &RowTable::selectionMoved, this, &OutletPanel::review);
    auto *head = hbox(8);
    head->setContentsMargins(pxMargins(14, 6, 14, 6));
    addWidgets(head, {new ToneLabel(tr("Outlets"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this), m_count});
    head->addStretch(1);
    head->addWidget(m_test);
    auto *column = vbox(this, 0, {1, 1, 0, 0});
    column->addLayout(head);
    column->addWidget(m_list, 1);
    review();
}

void OutletPanel::setBoard(OutletBoard *board)
{
    if (m_board)
        m_board->disconnect(this);
    m_board = board;
    if (m_board)
        connect(m_board, &OutletBoard::changed, this, &OutletPanel::refresh);
    refresh();
}

void OutletPanel::refresh()
{
    m_model.setRows(m_board ? m_board->outlets() : std::vector<OutletRow>());
    const auto &all = m_model.all();
    const auto retrying =
        int(std::count_if(all.begin(), all.end(), [](const OutletRow &row) { return row.state == OutletRow::State::Retrying; }));
    m_count->setText(retrying > 0 ? tr("%1, %2 retrying").arg(all.size()).arg(retrying) : QString::number(all.size()));
    review();
}

void OutletPanel::review()
{
    const OutletRow *outlet = m_model.outletAt(m_list->currentIndex().row());
    m_test->setEnabled(outlet && outlet->canBeTested);
}

void OutletPanel::sendTest()
{
    const OutletRow *outlet = m_model.outletAt(m_list->currentIndex().row());
    if (!m_board || !outlet)
        return;
    const QString title = outlet->title;
    if (m_board->sendTest(outlet->name))
        emit succeeded(tr("A test is on its way to %1").arg(title), tr("The list of outlets shows the result."));
}

} // namespace pulsedeck
