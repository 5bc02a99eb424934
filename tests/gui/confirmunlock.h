// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/unlockquestion.h"

#include <QPushButton>
#include <QTest>

namespace pulsedeck {

/// Answers the question that stands before \a parent with yes.
inline void confirmUnlock(const QWidget &parent)
{
    auto *question = parent.findChild<UnlockQuestion *>();
    QVERIFY(question && question->isVisible());
    QTest::mouseClick(question->findChild<QPushButton *>(QStringLiteral("confirmUnlock")), Qt::LeftButton);
    QVERIFY(!question->isVisible());
}

} // namespace pulsedeck
