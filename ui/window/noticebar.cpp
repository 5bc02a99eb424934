// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/noticebar.h"

#include "ui/common/boxes.h"
#include "ui/fleet/sourcebanner.h"

#include <utility>

namespace pulsedeck {

NoticeBar::NoticeBar(SourceBanner &banner, QWidget *parent)
    : QWidget(parent)
    , m_banner(banner)
{
    setObjectName(QStringLiteral("notice"));
    auto *layout = vbox(this);
    layout->addWidget(&banner);
    connect(&banner, &SourceBanner::changed, this, &NoticeBar::review);
    review();
}

void NoticeBar::showNotice(const QString &text, const QString &hint)
{
    m_answers = false;
    m_banner.setNotice(text, hint);
}

void NoticeBar::showAnswer(const QString &text, const QString &hint)
{
    showNotice(text, hint);
    m_answers = true;
}

void NoticeBar::showSuccess(const QString &text, const QString &hint)
{
    m_banner.setNotice(text, hint, true);
    m_answers = true;
}

void NoticeBar::endAnswer()
{
    if (std::exchange(m_answers, false))
        m_banner.setNotice({}, {});
}

void NoticeBar::setSourcesShown(bool shown)
{
    m_banner.setSourcesShown(shown);
}

void NoticeBar::review()
{
    setAccessibleName(m_banner.lineText(m_banner.current()));
    setVisible(m_banner.lineCount() > 0);
}

} // namespace pulsedeck
