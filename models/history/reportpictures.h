// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/spanreport.h"

#include <QByteArray>
#include <QLatin1StringView>
#include <QString>

#include <array>

namespace pulsedeck {

/// A colour of the pictures and of the page: as the design calls it, and its values. They are those of the window's theme.
struct ReportColour
{
    const char *name;
    quint32 dark;
    quint32 light;
};
constexpr std::array<ReportColour, 17> reportColours{{
    {"win", 0x1d2025, 0xf2f3f5},
    {"base", 0x15171b, 0xffffff},
    {"alt", 0x181b1f, 0xf9fafb},
    {"line", 0x2e333a, 0xd3d8de},
    {"grid", 0x212529, 0xeaedf0},
    {"text", 0xdce0e5, 0x1b1f24},
    {"dim", 0x9aa3ae, 0x556070},
    {"faint", 0x7e8894, 0x69737f},
    {"accent", 0x7ba4f4, 0x2459bd},
    {"aliveTick", 0x3a8673, 0x4c9c8a},
    {"late", 0xe6b23c, 0x8f5f00},
    {"lateFill", 0xcfa03a, 0xd79a16},
    {"stale", 0xf2774a, 0xbf3d0c},
    {"drain", 0x52bfe3, 0x0b7199},
    {"lateTint", 0x5a4715, 0xfbe3a3},
    {"zombie", 0xc697e2, 0x7f41a8},
    {"gone", 0x838d99, 0x6a7480},
}};

/// Text of others inside a page or picture: in one line and visible, and nothing in it is markup.
QString reportEscaped(const QString &text);

/// The pictures of a report, as SVG of a width of 1000 in which classes name the colours ("late", "text"). For a page the classes
/// are the page's; as a file of its own a picture brings their colours along.
class ReportPictures
{
public:
    static constexpr int width = 1000;
    /// Whose colours a picture has.
    enum class Look : quint8 { OfPage, Dark, Light };

    explicit ReportPictures(const SpanReport &report, Look look = Look::OfPage)
        : m_report(report)
        , m_look(look)
    { }

    /// Beats received of those expected, step by step.
    QByteArray beats() const;
    /// How many workers were late, worse or lost, step by step.
    QByteArray affected() const;
    /// The worst workers: beats, gaps and ends.
    QByteArray lanes() const;
    /// The rules for the classes, with these colours or those of the page.
    static QByteArray styles(Look look);

private:
    QByteArray begin(int height, const QString &title) const;
    QByteArray axis(int top, int bottom) const;
    QByteArray backdrop(int top, int bottom) const;
    QByteArray bars(int top, int height, double most,
                    const std::vector<std::pair<const char *, const std::vector<int> *>> &layers) const;
    QByteArray lane(const SpanLane &lane, int top) const;
    double xOf(qint64 at) const;

    const SpanReport &m_report;
    const Look m_look;
};

} // namespace pulsedeck
