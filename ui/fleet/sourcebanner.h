// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QTimer>
#include <QWidget>

#include <vector>

class QPushButton;

namespace pulsedeck {

class SourceBannerLine;

/// Amber lines above the table, one for each source whose rows no longer show the truth: what is wrong, since when, and
/// the next step. At most maxLines; the last counts the rest.
class SourceBanner : public QWidget
{
    Q_OBJECT

public:
    static constexpr int maxLines = 3;

    explicit SourceBanner(const FleetStore &store, QWidget *parent = nullptr);

    int lineCount() const { return m_shown; }
    QString lineText(int line) const;
    SourceBannerLine &line(int line) const { return *m_lines[size_t(line)]; }
    /// What is wrong with this source is said elsewhere; 0 for none.
    void setSilent(SourceId source);

signals:
    void retryRequested(pulsedeck::SourceId source);
    void editRequested(pulsedeck::SourceId source);

private:
    void review();

    const FleetStore &m_store;
    std::vector<SourceBannerLine *> m_lines;
    QTimer m_timer;
    int m_shown = 0;
    SourceId m_silent = 0;
};

/// One line of the banner. Its parts keep their widgets while its words change, so that a button is never taken away
/// under the pointer.
class SourceBannerLine : public QWidget
{
    Q_OBJECT

public:
    explicit SourceBannerLine(QWidget *parent);

    void showSource(const QString &name, const SourceStatus &status, qint64 now, bool hasRows, int more);
    QString text() const { return m_text; }
    class QPushButton &retryButton() const { return *m_retry; }
    class QPushButton &editButton() const { return *m_edit; }

signals:
    void retryRequested(pulsedeck::SourceId source);
    void editRequested(pulsedeck::SourceId source);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    class ToneLabel *m_name;
    class ToneLabel *m_words;
    class ToneLabel *m_more;
    class QPushButton *m_retry;
    class QPushButton *m_edit;
    QString m_text;
    SourceId m_source = 0;
};

} // namespace pulsedeck
