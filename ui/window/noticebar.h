// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace pulsedeck {

class SourceBanner;

/// The place of the one banner, above all pages: words of the program about itself, until they are closed, and on the
/// Fleet page the sources that are in trouble. Hidden while there is nothing to say. GUI thread.
class NoticeBar : public QWidget
{
    Q_OBJECT

public:
    /// Takes \a banner in.
    explicit NoticeBar(SourceBanner &banner, QWidget *parent = nullptr);

    /// Stays until it is closed, or another one comes.
    void showNotice(const QString &text, const QString &hint);
    /// The answer to what was just tried. It goes with its cause: see endAnswer().
    void showAnswer(const QString &text, const QString &hint);
    /// Something else was selected, tried or opened since: an answer on show is taken away, a notice stays.
    void endAnswer();
    /// Sources are told of where their rows are looked at.
    void setSourcesShown(bool shown);

private:
    void review();

    SourceBanner &m_banner;
    bool m_answers = false; ///< What is on show is an answer.
};

} // namespace pulsedeck
