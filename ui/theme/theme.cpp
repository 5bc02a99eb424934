// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/style.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QFontInfo>
#include <QScopedValueRollback>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>

#include <algorithm>

namespace pulsedeck {

namespace {

constexpr qreal designPointSize = 9;
constexpr qreal smallestPointSize = 8;
constexpr qreal largestPointSize = 14;

QColor rgb(QRgb value)
{
    return QColor::fromRgb(value);
}

ThemeTokens darkTokens()
{
    ThemeTokens t;
    t.dark = true;
    t.win = rgb(0x1d2025);
    t.base = rgb(0x15171b);
    t.alt = rgb(0x181b1f);
    t.raised = rgb(0x282d34);
    t.field = rgb(0x111316);
    t.line = rgb(0x2e333a);
    t.grid = rgb(0x212529);
    t.hover = rgb(0x1f242b);
    t.text = rgb(0xdce0e5);
    t.dim = rgb(0x9aa3ae);
    t.faint = rgb(0x7e8894);
    t.accent = rgb(0x7ba4f4);
    t.accentBg = rgb(0x3566c4);
    t.sel = rgb(0x22334f);
    t.selLine = rgb(0x7ba4f4);
    t.alive = rgb(0x41b597);
    t.aliveTick = rgb(0x3a8673);
    t.late = rgb(0xe6b23c);
    t.lateFill = rgb(0xcfa03a);
    t.lateTint = rgb(0x5a4715);
    t.stale = rgb(0xf2774a);
    t.staleTint = rgb(0x703019);
    t.drain = rgb(0x52bfe3);
    t.drainTint = rgb(0x123b49);
    t.zombie = rgb(0xc697e2);
    t.gone = rgb(0x838d99);
    t.okTint = rgb(0x17352f);
    t.envProd = rgb(0xef7ba6);
    t.envStage = rgb(0xa9c15c);
    t.envDev = rgb(0x9fb0c3);
    t.onAccent = rgb(0xffffff);
    return t;
}

ThemeTokens lightTokens()
{
    ThemeTokens t;
    t.dark = false;
    t.win = rgb(0xf2f3f5);
    t.base = rgb(0xffffff);
    t.alt = rgb(0xf9fafb);
    t.raised = rgb(0xffffff);
    t.field = rgb(0xffffff);
    t.line = rgb(0xd3d8de);
    t.grid = rgb(0xeaedf0);
    t.hover = rgb(0xf1f4f8);
    t.text = rgb(0x1b1f24);
    t.dim = rgb(0x556070);
    t.faint = rgb(0x69737f);
    t.accent = rgb(0x2459bd);
    t.accentBg = rgb(0x2f66cf);
    t.sel = rgb(0xe0ebfc);
    t.selLine = rgb(0x2f66cf);
    t.alive = rgb(0x0a7f66);
    t.aliveTick = rgb(0x4c9c8a);
    t.late = rgb(0x8f5f00);
    t.lateFill = rgb(0xd79a16);
    t.lateTint = rgb(0xfbe3a3);
    t.stale = rgb(0xbf3d0c);
    t.staleTint = rgb(0xf8c3ab);
    t.drain = rgb(0x0b7199);
    t.drainTint = rgb(0xd3ecf5);
    t.zombie = rgb(0x7f41a8);
    t.gone = rgb(0x6a7480);
    t.okTint = rgb(0xd6efe8);
    t.envProd = rgb(0xb0225f);
    t.envStage = rgb(0x4f6a16);
    t.envDev = rgb(0x4f6376);
    t.onAccent = rgb(0xffffff);
    return t;
}

QPalette paletteFor(const ThemeTokens &t)
{
    QPalette p;
    const auto set = [&p](QPalette::ColorRole role, const QColor &colour) { p.setColor(QPalette::All, role, colour); };
    set(QPalette::Window, t.win);
    set(QPalette::WindowText, t.text);
    set(QPalette::Base, t.base);
    set(QPalette::AlternateBase, t.alt);
    set(QPalette::Text, t.text);
    set(QPalette::Button, t.raised);
    set(QPalette::ButtonText, t.text);
    set(QPalette::BrightText, t.stale);
    set(QPalette::ToolTipBase, t.raised);
    set(QPalette::ToolTipText, t.text);
    set(QPalette::PlaceholderText, t.faint);
    set(QPalette::Highlight, t.sel);
    set(QPalette::HighlightedText, t.text);
    set(QPalette::Link, t.accent);
    set(QPalette::LinkVisited, t.accent);
    set(QPalette::Light, t.raised);
    set(QPalette::Midlight, t.hover);
    set(QPalette::Mid, t.line);
    set(QPalette::Dark, t.line);
    set(QPalette::Shadow, t.dark ? rgb(0x0b0c0e) : rgb(0xb9c0c8));

    const QColor off = blended(t.faint, t.win, 0.30);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, off);
    return p;
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

/// Whether the platform draws for nobody in particular: it has no desktop whose font settings would mean anything.
bool isHeadless()
{
    const QString platform = QGuiApplication::platformName();
    return platform == QLatin1String("offscreen") || platform == QLatin1String("minimal");
}

} // namespace

Theme &Theme::instance()
{
    static Theme theme;
    return theme;
}

ThemeTokens Theme::tokensFor(bool dark)
{
    return dark ? darkTokens() : lightTokens();
}

void Theme::install(QApplication &application)
{
    if (!m_installed) {
        m_systemFont = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
        const QStringList fallbacks{QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")};
        if (isHeadless()) {
            m_systemFont.setFamilies(fallbacks);
            m_systemSize = designPointSize;
        } else {
            m_systemFont.setFamilies(m_systemFont.families() + fallbacks);
            m_systemSize = std::clamp(QFontInfo(m_systemFont).pointSizeF(), smallestPointSize, largestPointSize);
        }
        m_bodySize = m_systemSize;
        m_installed = true;
        application.installEventFilter(this);
    }
    QApplication::setStyle(new Style);
    apply();
}

void Theme::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    if (m_installed)
        apply();
}

void Theme::setBodyPointSize(qreal points)
{
    const qreal size = points > 0 ? std::clamp(points, smallestPointSize, largestPointSize) : m_systemSize;
    if (qFuzzyCompare(size, m_bodySize))
        return;
    m_bodySize = size;
    if (m_installed)
        apply();
}

int Theme::scaled(int designPixels) const
{
    const int pixels = qRound(designPixels * m_bodySize / designPointSize);
    return designPixels > 0 ? std::max(1, pixels) : pixels;
}

void Theme::apply()
{
    const QScopedValueRollback guard(m_applying, true);
    const bool dark = m_choice == ThemeChoice::System ? systemIsDark() : m_choice == ThemeChoice::Dark;
    adopt(tokensFor(dark));
}

void Theme::adopt(const ThemeTokens &tokens)
{
    m_tokens = tokens;
    QApplication::setPalette(paletteFor(tokens));
    QApplication::setFont(bodyFont());
    emit changed();
}

bool Theme::systemIsDark()
{
    // An application palette hides the system's; an empty one lets it through again for as long as it takes to look.
    QApplication::setPalette(QPalette());
    return isDark(QApplication::palette());
}

bool Theme::eventFilter(QObject *watched, QEvent *event)
{
    const bool systemMayHaveChanged =
        event->type() == QEvent::ThemeChange || (event->type() == QEvent::ApplicationPaletteChange && watched == qApp);
    if (systemMayHaveChanged && !m_applying && !m_reviewPending && m_choice == ThemeChoice::System) {
        // Later: the palette must not be set while Qt is telling the windows of the old one.
        m_reviewPending = true;
        QTimer::singleShot(0, this, [this] {
            const QScopedValueRollback guard(m_applying, true);
            m_reviewPending = false;
            adopt(tokensFor(systemIsDark()));
        });
    }
    return QObject::eventFilter(watched, event);
}

QFont Theme::bodyFont() const
{
    QFont font = m_systemFont;
    font.setPointSizeF(m_bodySize);
    return font;
}

QFont Theme::smallFont() const
{
    QFont font = m_systemFont;
    font.setPointSizeF(m_bodySize * 8 / designPointSize);
    return font;
}

QFont Theme::figureFont() const
{
    QFont font = m_systemFont;
    font.setPointSizeF(m_bodySize * 15 / designPointSize);
    return font;
}

QFont Theme::chartFont() const
{
    QFont font = m_systemFont;
    font.setPixelSize(scaled(10));
    return font;
}

QFont Theme::idFont() const
{
    QFont font(QStringList{QStringLiteral("DejaVu Sans Mono"), QStringLiteral("Noto Sans Mono"), QStringLiteral("monospace")});
    font.setStyleHint(QFont::Monospace);
    font.setPointSizeF(m_bodySize * 8 / designPointSize);
    return font;
}

bool Theme::reducedMotion() const
{
    if (!qEnvironmentVariableIsEmpty("PULSEDECK_REDUCED_MOTION"))
        return true;
    // The style asks with each new layout of a button.
    constexpr qint64 readEveryMs = 5'000;
    if (m_motionRead.isValid() && !m_motionRead.hasExpired(readEveryMs))
        return m_reducedMotion;
    m_motionRead.start();
    m_reducedMotion = readReducedMotion();
    return m_reducedMotion;
}

bool Theme::readReducedMotion()
{
    // Qt 6.4 has no such hint of its own; Plasma keeps the choice as an animation factor of zero.
    const QString globals = QStandardPaths::locate(QStandardPaths::GenericConfigLocation, QStringLiteral("kdeglobals"));
    if (globals.isEmpty())
        return false;
    const QSettings settings(globals, QSettings::IniFormat);
    return qFuzzyIsNull(settings.value(QStringLiteral("KDE/AnimationDurationFactor"), 1.0).toDouble());
}

} // namespace pulsedeck
