// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/environmentcards.h"

#include "ui/common/environmentmark.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QGridLayout>
#include <QPainter>
#include <QPushButton>
#include <QStyleOptionButton>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// What follows from it, in a line or two.
QString consequence(SourceEnvironment environment)
{
    return environment == SourceEnvironment::Production
               ? EnvironmentCards::tr("Not ticked when unlocking.\nActs ask for its name.")
           : environment == SourceEnvironment::None ? EnvironmentCards::tr("No mark at its name.\nTicked when unlocking.")
                                                    : EnvironmentCards::tr("Ticked when unlocking.\nActs ask once.");
}

QFont cardFont()
{
    QFont font = Theme::instance().bodyFont();
    font.setBold(true);
    return font;
}

class Card final : public QPushButton
{
public:
    Card(SourceEnvironment environment, QWidget *parent)
        : QPushButton(parent)
        , m_environment(environment)
        , m_consequence(consequence(environment))
    {
        const QString name = environmentName(environment);
        setObjectName(u"environment"_s + (name.isEmpty() ? u"none"_s : name));
        setText(name.isEmpty() ? EnvironmentCards::tr("not set") : environmentText(environment));
        setAccessibleDescription(m_consequence);
        setCheckable(true);
        setAutoDefault(false);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    QSize sizeHint() const override
    {
        const QFontMetrics bold(cardFont());
        const QFontMetrics small(Theme::instance().smallFont());
        const int wide = qMax(bold.horizontalAdvance(text()), small.size(0, m_consequence).width());
        return {wide + px(markRoom + 12), bold.height() + small.size(0, m_consequence).height() + px(13)};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QStyleOptionButton option;
        initStyleOption(&option);
        const ThemeTokens &t = theme();
        QColor accent = environmentColour(m_environment);
        if (!accent.isValid())
            accent = t.text;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool over = isEnabled() && (underMouse() || isDown());
        painter.setPen(QPen(isChecked() ? accent : t.line, isChecked() ? 1.6 : 1));
        painter.setBrush(isChecked() ? t.sel : over && isEnabled() ? t.hover : t.raised);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
        // A ring, filled where it is chosen: not by colour alone.
        const QPointF ring(px(13), height() / 2.0);
        painter.setPen(QPen(isChecked() ? t.selLine : t.dim, 1.2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(ring, px(5), px(5));
        if (isChecked()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(t.selLine);
            painter.drawEllipse(ring, px(3), px(3));
        }
        painter.setRenderHint(QPainter::Antialiasing, false);
        paintEnvironmentMark(painter, QRectF(px(24), px(7), px(3), height() - px(14)), m_environment);
        const int left = px(markRoom);
        const QFont bold = cardFont();
        painter.setFont(bold);
        painter.setPen(isEnabled() ? accent : t.faint);
        const int line = QFontMetrics(bold).height();
        painter.drawText(QRect(left, px(5), width() - left, line), Qt::AlignVCenter, text());
        painter.setFont(Theme::instance().smallFont());
        painter.setPen(isEnabled() ? t.dim : t.faint);
        painter.drawText(QRect(left, px(6) + line, width() - left - px(4), height() - line - px(8)), Qt::AlignTop, m_consequence);
        if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange))
            stylepaint::focusFrame(&painter, rect());
    }

private:
    static constexpr int markRoom = 35;

    const SourceEnvironment m_environment;
    const QString m_consequence;
};

} // namespace

EnvironmentCards::EnvironmentCards(QWidget *parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
    , m_grid(new QGridLayout(this))
{
    setAccessibleName(tr("Environment"));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(px(6));
    for (const SourceEnvironment environment : allSourceEnvironments)
        m_group->addButton(new Card(environment, this), int(environment));
    arrange(2);
    connect(m_group, &QButtonGroup::idClicked, this, &EnvironmentCards::chosen);
}

void EnvironmentCards::arrange(int columns)
{
    if (std::exchange(m_columns, columns) == columns)
        return;
    int place = 0;
    for (const SourceEnvironment environment : allSourceEnvironments) {
        m_grid->addWidget(m_group->button(int(environment)), place / columns, place % columns);
        ++place;
    }
}

int EnvironmentCards::widestCard() const
{
    int widest = 0;
    for (const QAbstractButton *card : m_group->buttons())
        widest = qMax(widest, card->sizeHint().width());
    return widest;
}

QSize EnvironmentCards::minimumSizeHint() const
{
    return {widestCard(), QWidget::minimumSizeHint().height()};
}

void EnvironmentCards::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange(width() >= 2 * widestCard() + m_grid->horizontalSpacing() ? 2 : 1);
}

SourceEnvironment EnvironmentCards::environment() const
{
    return SourceEnvironment(qMax(0, m_group->checkedId()));
}

void EnvironmentCards::setEnvironment(SourceEnvironment environment)
{
    if (QAbstractButton *const card = m_group->button(int(environment)))
        card->setChecked(true);
}

} // namespace pulsedeck
