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
#include <utility>

namespace pulsedeck {

namespace {

constexpr qreal designPointSize = 9;
constexpr qreal smallestPointSize = 8;
constexpr qreal largestPointSize = 14;

/// The colours of the dark and of the light theme.
struct TokenRow
{
    QColor ThemeTokens::*token;
    QRgb dark;
    QRgb light;
};
constexpr TokenRow tokenRows[]{
    {&ThemeTokens::win, 0x1d2025, 0xf2f3f5},       {&ThemeTokens::base, 0x15171b, 0xffffff},
    {&ThemeTokens::alt, 0x181b1f, 0xf9fafb},       {&ThemeTokens::raised, 0x282d34, 0xffffff},
    {&ThemeTokens::field, 0x111316, 0xffffff},     {&ThemeTokens::line, 0x2e333a, 0xd3d8de},
    {&ThemeTokens::grid, 0x212529, 0xeaedf0},      {&ThemeTokens::hover, 0x1f242b, 0xf1f4f8},
    {&ThemeTokens::text, 0xdce0e5, 0x1b1f24},      {&ThemeTokens::dim, 0x9aa3ae, 0x556070},
    {&ThemeTokens::faint, 0x7e8894, 0x69737f},     {&ThemeTokens::accent, 0x7ba4f4, 0x2459bd},
    {&ThemeTokens::accentBg, 0x3566c4, 0x2f66cf},  {&ThemeTokens::sel, 0x22334f, 0xe0ebfc},
    {&ThemeTokens::selLine, 0x7ba4f4, 0x2f66cf},   {&ThemeTokens::alive, 0x41b597, 0x0a7f66},
    {&ThemeTokens::aliveTick, 0x3a8673, 0x4c9c8a}, {&ThemeTokens::late, 0xe6b23c, 0x8f5f00},
    {&ThemeTokens::lateFill, 0xcfa03a, 0xd79a16},  {&ThemeTokens::lateTint, 0x5a4715, 0xfbe3a3},
    {&ThemeTokens::stale, 0xf2774a, 0xbf3d0c},     {&ThemeTokens::staleTint, 0x703019, 0xf8c3ab},
    {&ThemeTokens::drain, 0x52bfe3, 0x0b7199},     {&ThemeTokens::drainTint, 0x123b49, 0xd3ecf5},
    {&ThemeTokens::zombie, 0xc697e2, 0x7f41a8},    {&ThemeTokens::gone, 0x838d99, 0x6a7480},
    {&ThemeTokens::okTint, 0x17352f, 0xd6efe8},    {&ThemeTokens::envProd, 0xef7ba6, 0xb0225f},
    {&ThemeTokens::envStage, 0xa9c15c, 0x4f6a16},  {&ThemeTokens::envDev, 0x9fb0c3, 0x4f6376},
    {&ThemeTokens::onAccent, 0xffffff, 0xffffff},  {&ThemeTokens::past, 0x3d3270, 0xded6fb},
    {&ThemeTokens::onPast, 0xf0edff, 0x2a1f5c},    {&ThemeTokens::pastLine, 0xb8a6ff, 0x5b3fc4},
    {&ThemeTokens::pastWin, 0x221d33, 0xf5f3ff},
};

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
    set(QPalette::Shadow, QColor::fromRgb(t.dark ? 0x0b0c0e : 0xb9c0c8));

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

ThemeTokens Theme::tokensFor(bool dark, bool past)
{
    ThemeTokens tokens;
    tokens.dark = dark;
    for (const TokenRow &row : tokenRows)
        tokens.*row.token = QColor::fromRgb(dark ? row.dark : row.light);
    if (past)
        tokens.win = tokens.pastWin;
    return tokens;
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

void Theme::setPast(bool past)
{
    if (std::exchange(m_past, past) == past || !m_installed)
        return;
    const QScopedValueRollback guard(m_applying, true);
    adopt(tokensFor(m_tokens.dark, m_past));
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
    adopt(tokensFor(dark, m_past));
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
            adopt(tokensFor(systemIsDark(), m_past));
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
