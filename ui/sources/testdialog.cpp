// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/testdialog.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/sources/testpanel.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TestDialog::TestDialog(const SourceSettings &settings, ConnectionTester &tester, QWidget *parent)
    : QDialog(parent)
    , m_panel(new TestPanel(tester, this))
    , m_copy(new QPushButton(tr("C&opy report"), this))
    , m_again(new QPushButton(this))
    , m_close(new QPushButton(tr("&Close"), this))
{
    setObjectName(u"testDialog"_s);
    setWindowTitle(tr("Test: %1").arg(settings.name));
    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = hbox(footer, -1, {16, 11, 16, 11});
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    addWidgets(buttons, {m_again, m_close});
    m_copy->setAutoDefault(false);
    m_again->setAutoDefault(false);
    m_again->setObjectName(u"testAgain"_s);
    m_copy->setObjectName(u"copyReport"_s);
    m_close->setObjectName(u"closeTest"_s);
    m_close->setDefault(true);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_panel->report()); });
    connect(m_again, &QPushButton::clicked, this, [this, settings] {
        if (m_panel->isRunning())
            m_panel->stop();
        else
            m_panel->begin(settings);
    });
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_panel, &TestPanel::changed, this, &TestDialog::review);
    auto *whole = vbox(this, 0);
    whole->addWidget(m_panel, 1);
    whole->addWidget(footer);
    setMinimumWidth(px(620));
    m_panel->begin(settings);
}

void TestDialog::review()
{
    m_again->setText(m_panel->isRunning() ? tr("&Stop") : tr("Test &again"));
    m_copy->setEnabled(!m_panel->isRunning());
}

} // namespace pulsedeck
