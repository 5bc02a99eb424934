// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QProxyStyle>

class QStyleOptionComboBox;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionToolButton;

namespace pulsedeck {

/// How much a button stands out.
enum class ButtonRole {
    Normal,
    Primary, ///< The one next step: filled with the accent.
    Danger, ///< Something is taken away: outlined in the colour of stale.
    Act, ///< The dangerous step itself, at the end of a question: filled in the colour of stale.
    Link, ///< Words in the accent without a frame.
    Quiet, ///< No frame until the pointer is over it.
};

/// Sets how the style paints a QPushButton or QToolButton.
void setButtonRole(QWidget *button, ButtonRole role);
ButtonRole buttonRole(const QWidget *button);
/// Frames an input in the colour of stale: its content is invalid. A text next to it must give the reason.
void setInvalid(QWidget *field, bool invalid);
bool isInvalid(const QWidget *field);
/// \a share of \a a's way towards \a b.
QColor blended(const QColor &a, const QColor &b, qreal share);

/// The flat look of the design on top of Fusion: 1 px borders, radius 4, a 2 px accent frame for the focus, colours
/// from theme(), lengths from the font. GUI thread.
class Style : public QProxyStyle
{
    Q_OBJECT

public:
    Style();

    void polish(QWidget *widget) override;
    using QProxyStyle::polish;
    using QProxyStyle::unpolish;

    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *returnData) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl subControl,
                         const QWidget *widget) const override;

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
    QIcon standardIcon(StandardPixmap icon, const QStyleOption *option, const QWidget *widget) const override;

private:
    void drawComboBox(const QStyleOptionComboBox &option, QPainter *painter, const QWidget *widget) const;
    void drawSpinBox(const QStyleOptionSpinBox &option, QPainter *painter, const QWidget *widget) const;
    void drawToolButton(const QStyleOptionToolButton &option, QPainter *painter, const QWidget *widget) const;
    void drawScrollBar(const QStyleOptionSlider &option, QPainter *painter, const QWidget *widget) const;
};

} // namespace pulsedeck
