// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/strategybox.h"

#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QPainter>
#include <QRadioButton>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Replacement = RollingOptions::Replacement;

QSpinBox *spin(int from, int to, const QString &suffix, const QString &name, QWidget *parent)
{
    auto *box = new QSpinBox(parent);
    box->setRange(from, to);
    box->setSuffix(suffix);
    box->setAccessibleName(name);
    box->setAlignment(Qt::AlignRight);
    box->setFixedWidth(px(68));
    return box;
}

} // namespace

StrategyBox::StrategyBox(QWidget *parent)
    : QFrame(parent)
    , m_all(new QRadioButton(tr("&All at once"), this))
    , m_rolling(new QRadioButton(tr("&Rolling: at most"), this))
    , m_atATime(spin(1, 1'000, {}, tr("Workers at a time"), this))
    , m_floor(spin(0, 100, u" %"_s, tr("Share of the available workers of each type that stays"), this))
    , m_replacement(new QComboBox(this))
    , m_beats(spin(1, 100, {}, tr("Healthy beats of a replacement"), this))
    , m_allRow(new QWidget(this))
    , m_rollingRow(new QWidget(this))
    , m_replacementRow(new QWidget(this))
    , m_allEstimate(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_rollingEstimate(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
{
    m_all->setObjectName(u"allAtOnce"_s);
    m_rolling->setObjectName(u"rolling"_s);
    m_atATime->setObjectName(u"atATime"_s);
    m_floor->setObjectName(u"floor"_s);
    m_replacement->setObjectName(u"replacement"_s);
    m_replacement->addItem(tr("no replacement"), int(Replacement::None));
    m_replacement->addItem(tr("one on the same host:port"), int(Replacement::SameHost));
    m_replacement->addItem(tr("one of the same type"), int(Replacement::SameType));
    m_replacement->setAccessibleName(tr("Wait for a replacement"));
    auto *choice = new QButtonGroup(this);
    choice->addButton(m_all);
    choice->addButton(m_rolling);
    m_all->setChecked(true);
    m_atATime->setValue(2);
    m_floor->setValue(80);
    m_beats->setValue(3);

    const auto words = [this](const QString &text) {
        return new ToneLabel(text, ToneLabel::Tone::Text, ToneLabel::Face::Body, this);
    };
    const auto fill = [](QWidget *row, std::initializer_list<QWidget *> parts, QWidget *atEnd = nullptr) {
        auto *layout = hbox(row, 8);
        addWidgets(layout, parts);
        layout->addStretch(1);
        if (atEnd)
            layout->addWidget(atEnd);
    };
    auto *floorRow = new QWidget(this);
    fill(m_allRow, {m_all}, m_allEstimate);
    fill(m_rollingRow, {m_rolling, m_atATime, words(tr("at a time, never below the floor"))}, m_rollingEstimate);
    fill(m_replacementRow,
         {words(tr("Before the next one wait for")), m_replacement, words(tr("with")), m_beats, words(tr("healthy beats"))});
    m_replacementRow->layout()->setContentsMargins(px(22), 0, 0, 0);
    fill(floorRow, {words(tr("Floor: keep at least")), m_floor, words(tr("of each type available"))});

    auto *column = vbox(this, 7, {12, 9, 12, 9});
    addWidgets(column, {m_allRow, m_rollingRow, m_replacementRow, floorRow});

    connect(m_rolling, &QRadioButton::toggled, this, &StrategyBox::review);
    connect(m_replacement, &QComboBox::currentIndexChanged, this, &StrategyBox::review);
    for (QSpinBox *box : {m_atATime, m_floor, m_beats})
        connect(box, &QSpinBox::valueChanged, this, &StrategyBox::changed);
    review();
}

void StrategyBox::review()
{
    const bool rolling = m_rolling->isChecked();
    m_atATime->setEnabled(rolling);
    m_replacementRow->setEnabled(rolling);
    m_beats->setEnabled(rolling && m_replacement->currentIndex() > 0);
    emit changed();
}

void StrategyBox::setStrategiesShown(bool shown)
{
    for (QWidget *row : {m_allRow, m_rollingRow, m_replacementRow})
        row->setVisible(shown);
    if (!shown)
        m_all->setChecked(true);
}

void StrategyBox::setFloorPercent(int percent)
{
    m_floor->setValue(percent);
}

int StrategyBox::floorPercent() const
{
    return m_floor->value();
}

bool StrategyBox::isRolling() const
{
    return m_rolling->isChecked();
}

void StrategyBox::setRolling(bool rolling)
{
    (rolling ? m_rolling : m_all)->setChecked(true);
}

RollingOptions StrategyBox::options() const
{
    RollingOptions options;
    options.atATime = m_atATime->value();
    options.floorPercent = m_floor->value();
    options.replacement = Replacement(m_replacement->currentData().toInt());
    options.healthyBeats = m_beats->value();
    return options;
}

void StrategyBox::setEstimates(const QString &allAtOnce, const QString &rolling)
{
    m_allEstimate->setText(allAtOnce);
    m_rollingEstimate->setText(rolling);
}

void StrategyBox::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    stylepaint::box(&painter, rect(), theme().base, theme().line);
}

} // namespace pulsedeck
