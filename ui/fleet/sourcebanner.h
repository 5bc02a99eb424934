// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "ui/common/messageline.h"

#include <QTimer>
#include <QWidget>

#include <vector>

class QPushButton;
class QToolButton;

namespace pulsedeck {

class SourceBannerLine;
class ToneLabel;

/// An entry of the banner: a source whose rows are out of date, or a notice of the program itself.
struct BannerItem
{
    SourceId source = 0; ///< 0 for a notice.
    QString title; ///< The source's name, or the notice.
    QString text; ///< What is wrong, since when, and the next step.
    bool canRetry = false;
    bool retryShown = false;
    bool canEdit = false;
    bool good = false; ///< Nothing is wrong: a notice that what was asked for is done, or under way.

    QString whole() const;
};

/// One line, amber unless it says what went well, with the worst trouble first, "1 of 3", and buttons for the next and previous
/// one. It keeps its height while it is shown, so that what is below moves only once. A notice is shown at once, until it is
/// closed. GUI thread.
class SourceBanner : public QWidget
{
    Q_OBJECT

public:
    explicit SourceBanner(const FleetStore &store, QWidget *parent = nullptr);

    /// The number of entries, and the text of one; the worst first.
    int lineCount() const { return int(m_items.size()); }
    QString lineText(int line) const;
    /// The one that is shown; -1 for none.
    int current() const { return m_current; }
    /// What shows it, whichever it is.
    SourceBannerLine &line(int = 0) const { return *m_line; }
    /// The trouble of this source is shown elsewhere; 0 for none.
    void setSilent(SourceId source);
    /// Whether sources are shown at all; not on pages about sources.
    void setSourcesShown(bool shown);
    /// Replaces the notice before; an empty \a title removes it. \a good: nothing is wrong.
    void setNotice(const QString &title, const QString &text, bool good = false);

signals:
    void retryRequested(pulsedeck::SourceId source);
    void editRequested(pulsedeck::SourceId source);
    /// Something else is shown now, or nothing.
    void changed();

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void review();
    void reviewRefused();
    void fit();
    void show(int item);
    void step(int by);

    const FleetStore &m_store;
    SourceBannerLine *m_line;
    QTimer m_timer;
    QTimer m_fitTimer;
    std::vector<BannerItem> m_items;
    BannerItem m_notice;
    SourceId m_silent = 0;
    int m_refused = 0; ///< Workers that are not shown, of all sources.
    int m_current = -1;
    bool m_chosen = false; ///< The user went through them: what is shown stays.
    bool m_sourcesShown = true;
};

/// The line of the banner. Its parts keep their widgets while its words change, so that a button is never taken away
/// under the pointer.
class SourceBannerLine : public MessageLine
{
    Q_OBJECT

public:
    explicit SourceBannerLine(QWidget *parent);

    /// \a number of \a count.
    void showItem(const BannerItem &item, int number, int count);
    /// High enough for each of them at this width; never lower than before.
    void fit(const std::vector<BannerItem> &items);
    void forgetHeight() { m_lines = 1; }
    QString text() const { return m_text; }
    QPushButton &retryButton() const { return *m_retry; }
    QPushButton &editButton() const { return *m_edit; }
    QToolButton &closeButton() const { return *m_close; }
    QToolButton &previousButton() const { return *m_previous; }
    QToolButton &nextButton() const { return *m_next; }

signals:
    void retryRequested();
    void editRequested();
    void closeRequested();
    void stepRequested(int by);

private:
    int wordsWidth(const BannerItem &item, int count) const;
    bool hasOwnTitle(const BannerItem &item) const;

    ToneLabel *m_name;
    ToneLabel *m_words;
    ToneLabel *m_count;
    QToolButton *m_previous;
    QToolButton *m_next;
    QPushButton *m_retry;
    QPushButton *m_edit;
    QToolButton *m_close;
    QString m_text;
    int m_lines = 1;
};

} // namespace pulsedeck
