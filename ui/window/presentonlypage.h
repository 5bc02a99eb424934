// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/page.h"

namespace pulsedeck {

class EmptyNote;

/// Stands in for a page that has no past, while another time than now is shown: a sentence, and the way back. GUI thread.
class PresentOnlyPage : public Page
{
    Q_OBJECT

public:
    /// \a why: what the page is about, and where to look instead, in a sentence.
    /// \a hasNow: there is a way back.
    PresentOnlyPage(const Page &page, const QString &why, bool hasNow, QWidget *parent);

signals:
    void backRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    EmptyNote *m_note;
};

} // namespace pulsedeck
