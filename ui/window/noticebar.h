// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace pulsedeck {

class SourceBanner;

/// The banner above all pages: messages about the program itself, until they are closed, and on the Fleet page the sources that
/// are in trouble. Hidden while there is no message. GUI thread.
class NoticeBar : public QWidget
{
    Q_OBJECT

public:
    /// Becomes the parent of \a banner.
    explicit NoticeBar(SourceBanner &banner, QWidget *parent = nullptr);

    /// Stays until it is closed or replaced.
    void showNotice(const QString &text, const QString &hint);
    /// The answer to what was just tried; endAnswer() hides it.
    void showAnswer(const QString &text, const QString &hint);
    /// The same where it was done, or is under way: not in a warning's colours.
    void showSuccess(const QString &text, const QString &hint);
    /// Something else was selected, tried or opened since: hides an answer; a notice stays.
    void endAnswer();
    /// Whether the page with the sources' rows is shown: only there their trouble is shown.
    void setSourcesShown(bool shown);

private:
    void review();

    SourceBanner &m_banner;
    bool m_answers = false; ///< An answer is shown.
};

} // namespace pulsedeck
