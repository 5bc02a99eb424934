// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace pulsedeck {

class Journal;
class RollingRunner;
class SourceListModel;
class TimingPage;
struct QuitFacts;

/// Whether the window may close: where work is unfinished a question is asked first, and its answer closes the window. GUI
/// thread.
class QuitCheck : public QObject
{
    Q_OBJECT

public:
    /// All outlive this.
    struct Parts
    {
        QWidget &window;
        const RollingRunner &rolling;
        const TimingPage &timing;
        const SourceListModel &sources;
        const Journal *journal; ///< May be null.
    };

    QuitCheck(const Parts &parts, QObject *parent);

    /// False if the question is asked, or stands already.
    bool mayClose();

private:
    QuitFacts facts() const;

    const Parts m_parts;
    bool m_leaving = false; ///< The question was answered.
};

} // namespace pulsedeck
