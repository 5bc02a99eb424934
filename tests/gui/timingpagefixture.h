// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/timing/timingfiles.h"
#include "tests/support/fleetscene.h"
#include "tests/support/patience.h"
#include "ui/theme/theme.h"
#include "ui/timing/durationspin.h"
#include "ui/timing/ratioladder.h"
#include "ui/timing/timingpage.h"
#include "ui/timing/timingtable.h"

#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace pulsedeck {

/// Files without a disk: remembers what it was asked, and answers when told to.
class FakeTimingFiles : public TimingFiles
{
public:
    using TimingFiles::TimingFiles;

    quint64 read(const QString &path) override
    {
        lastPath = path;
        return ++token;
    }
    quint64 propose(const QString &path, const TimingProfile &profile,
                    const std::optional<QString> &environment = std::nullopt) override
    {
        lastPath = path;
        lastEnvironment = environment;
        lastProfile = profile;
        return ++token;
    }
    quint64 write(const TimingFileAnswer &proposal) override
    {
        writtenText = proposal.proposed;
        return ++token;
    }
    void answer(TimingFileAnswer what)
    {
        what.token = token;
        what.path = lastPath;
        emit answered(what);
    }

    quint64 token = 0;
    QString lastPath;
    TimingProfile lastProfile;
    std::optional<QString> lastEnvironment;
    QByteArray writtenText;
};

/// A Timing page over a made-up fleet whose record stands at v12; the test itself plays the source that is written to.
struct TimingPageFixture
{
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("page.ini")), QSettings::IniFormat};
    FleetScene scene;
    CommandLedger ledger{scene.store, scene.clock};
    WriteAccess access{scene.store, scene.sources, scene.clock};
    TimingController controller{scene.store, scene.clock};
    FakeTimingFiles files;
    QSignalSpy requests{&controller, &TimingController::applyRequested};
    std::unique_ptr<TimingPage> page;

    explicit TimingPageFixture(int workers = 60)
        : scene(workers)
    {
        controller.setOperator(QStringLiteral("me@here"));
        TimingProfile profile;
        profile.version = 12;
        profile.name = QStringLiteral("v12");
        setLive(profile);
    }

    void open(const QSize &size = {1445, 920})
    {
        page = std::make_unique<TimingPage>(
            TimingContext{scene.store, scene.sources, scene.clock, settings, ledger, access, controller}, &files);
        page->resize(size);
        page->show();
        page->activateWindow(); // Shortcuts belong to the active window.
        QVERIFY(QTest::qWaitForWindowActive(page.get(), patience));
        controller.takeHistory(history());
    }

    /// What the source tells of its record.
    void setLive(const TimingProfile &profile)
    {
        SourceStatus status = scene.store.sourceStatus(FleetScene::prod);
        status.timing = profile;
        scene.store.applyStatus(status);
    }
    static TimingProfile version(qint64 number, qint64 keyTtl = 30'000)
    {
        TimingProfile profile;
        profile.version = number;
        profile.name = QStringLiteral("v%1").arg(number);
        profile.workerKeyTtl = keyTtl;
        return profile;
    }
    TimingHistory history() const
    {
        TimingHistory history;
        history.source = FleetScene::prod;
        history.known = true;
        history.versions.append({version(12), scene.clock.nowMs() - 60'000, QStringLiteral("op-2"), QStringLiteral("calmer")});
        history.versions.append(
            {version(11, 45'000), scene.clock.nowMs() - 90'000'000, QStringLiteral("op-1"), QStringLiteral("trial")});
        return history;
    }

    DurationSpin *field(TimingId id) const { return page->findChild<TimingTable *>()->field(id); }
    QString fieldText(TimingId id) const { return field(id)->text(); }
    /// Types into a field as a person does; Enter ends it unless \a stay.
    void type(TimingId id, const QString &text, bool stay = false) const
    {
        field(id)->setFocus();
        auto *edit = field(id)->findChild<QLineEdit *>();
        edit->selectAll();
        QTest::keyClicks(edit, text);
        if (!stay)
            QTest::keyClick(edit, Qt::Key_Return);
    }
    /// The row of the ladder whose first rule is \a rule.
    RatioRow *pair(const QString &rule) const { return page->findChild<RatioRow *>(QStringLiteral("pair-") + rule); }
    template <typename Widget> Widget *part(const QString &name) const { return page->findChild<Widget *>(name); }
    QString labelText(const QString &name) const
    {
        const auto *label = part<QLabel>(name);
        return label ? label->text() : QStringLiteral("(there is no such label)");
    }
    void press(const QString &name) const { QTest::mouseClick(part<QPushButton>(name), Qt::LeftButton); }
    /// The dialog of this name that is open now.
    QDialog *dialog(const QString &name) const
    {
        for (QDialog *dialog : page->findChildren<QDialog *>(name)) {
            if (dialog->isVisible())
                return dialog;
        }
        return nullptr;
    }
    TimingApply lastRequest() const { return requests.last().at(1).value<TimingApply>(); }
    void answer(TimingApplied::Outcome outcome, const TimingVersion &now = {}, const QString &text = {})
    {
        TimingApplied applied;
        applied.id = lastRequest().id;
        applied.source = FleetScene::prod;
        applied.outcome = outcome;
        applied.now = now;
        applied.text = text;
        controller.takeApplied(applied);
    }
};

} // namespace pulsedeck
