// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QElapsedTimer>
#include <QFont>
#include <QObject>
#include <QPalette>

class QApplication;

namespace pulsedeck {

/// The colours of one palette, named as in the design: see ui/theme/theme.cpp for their values in dark and light.
struct ThemeTokens
{
    bool dark = true;
    QColor win, base, alt, raised, field, line, grid, hover;
    QColor text, dim, faint, accent, accentBg, sel, selLine;
    QColor alive, aliveTick, late, lateFill, lateTint, stale, staleTint;
    QColor drain, drainTint, zombie, gone, okTint;
    QColor envProd, envStage, envDev; ///< Marks of what a source serves.
    QColor onAccent; ///< Text on accentBg.
    QColor past, onPast, pastLine, pastWin; ///< While another time is shown: the bar and its text, the playhead, and win.
};

enum class ThemeChoice { System, Light, Dark };

/// The one theme of the program: tokens, palette, fonts and style. GUI thread.
class Theme : public QObject
{
    Q_OBJECT

public:
    static Theme &instance();

    /// Installs style, fonts and palette on the application; call once, after the QApplication is made.
    void install(QApplication &application);
    void setChoice(ThemeChoice choice);
    ThemeChoice choice() const { return m_choice; }
    const ThemeTokens &tokens() const { return m_tokens; }
    /// \a past: another time than now is shown, and the chrome says so.
    static ThemeTokens tokensFor(bool dark, bool past = false);
    void setPast(bool past);

    QFont bodyFont() const; ///< 9 pt
    QFont smallFont() const; ///< 8 pt, secondary text
    QFont figureFont() const; ///< 15 pt, header figures
    QFont chartFont() const; ///< 10 px, figures inside charts
    QFont idFont() const; ///< DejaVu Sans Mono, 8 pt
    /// Body size in points, from 8 to 14; 0 takes the system's (9 pt where the system has no opinion).
    void setBodyPointSize(qreal points);
    qreal bodyPointSize() const { return m_bodySize; }
    /// A length of the design, which is drawn at 9 pt, in the present body size.
    int scaled(int designPixels) const;
    /// Animations are to be left out.
    bool reducedMotion() const;

signals:
    /// Tokens and palette are new: drop caches and repaint.
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    Theme() = default;
    void apply();
    void adopt(const ThemeTokens &tokens);
    bool systemIsDark();
    static bool readReducedMotion();

    ThemeTokens m_tokens = tokensFor(true);
    ThemeChoice m_choice = ThemeChoice::System;
    QFont m_systemFont;
    qreal m_systemSize = 9;
    qreal m_bodySize = 9;
    bool m_installed = false;
    bool m_past = false;
    bool m_applying = false;
    bool m_reviewPending = false;
    mutable QElapsedTimer m_motionRead;
    mutable bool m_reducedMotion = false;
};

inline const ThemeTokens &theme()
{
    return Theme::instance().tokens();
}

/// Calls \a adopt now and whenever tokens or fonts changed, as long as \a context lives.
template <typename Adopt> void followTheme(QObject *context, Adopt adopt)
{
    adopt();
    QObject::connect(&Theme::instance(), &Theme::changed, context, adopt);
}

/// A length of the design, which is drawn for 9 pt at 100 %, in the pixels of today's font.
inline int px(int designPixels)
{
    return Theme::instance().scaled(designPixels);
}

} // namespace pulsedeck
