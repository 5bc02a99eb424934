// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/presentonlypage.h"

#include "ui/common/emptynote.h"

#include <QPushButton>
#include <QResizeEvent>

namespace pulsedeck {

PresentOnlyPage::PresentOnlyPage(const Page &page, const QString &why, bool hasNow, QWidget *parent)
    : Page(page.name(), page.title(), page.glyph(), parent)
    , m_note(new EmptyNote(this))
{
    m_note->setWords({page.glyph(), tr("%1 is about now", "the title of a page").arg(page.title()), why},
                     hasNow ? tr("Back to now") : QString());
    setFocusProxy(&m_note->button());
    connect(m_note, &EmptyNote::stepRequested, this, &PresentOnlyPage::backRequested);
}

void PresentOnlyPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    m_note->setGeometry(rect());
}

} // namespace pulsedeck
