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

    void showNotice(const QString &text, const QString &hint);
    /// Sources are told of where their rows are looked at.
    void setSourcesShown(bool shown);

private:
    void review();

    SourceBanner &m_banner;
};

} // namespace pulsedeck
