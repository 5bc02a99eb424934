// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/svgpicture.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <utility>

namespace pulsedeck {

SvgPicture::SvgPicture(const QString &name, std::function<QByteArray(bool dark)> draw, QWidget *parent)
    : QWidget(parent)
    , m_draw(std::move(draw))
{
    setAccessibleName(name);
    followTheme(this, [this] { adopt(); });
}

void SvgPicture::adopt()
{
    m_renderer.load(m_draw(theme().dark));
    setFixedHeight(heightOf(width()));
    update();
}

int SvgPicture::heightOf(int width) const
{
    const QSize size = m_renderer.defaultSize();
    return size.width() > 0 ? width * size.height() / size.width() : 0;
}

QSize SvgPicture::sizeHint() const
{
    const int width = px(720);
    return {width, heightOf(width)};
}

// A scroll area does not ask for the height that belongs to a width.
void SvgPicture::resizeEvent(QResizeEvent *)
{
    setFixedHeight(heightOf(width()));
}

void SvgPicture::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    m_renderer.render(&painter, QRectF(0, 0, width(), heightOf(width())));
}

} // namespace pulsedeck
