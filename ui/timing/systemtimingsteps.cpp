// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/systemtimingsteps.h"

#include "models/fleet/fleetstore.h"
#include "models/timing/systemtiming.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/selfdeleting.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingdraft.h"
#include "ui/timing/timingnotes.h"

#include <QClipboard>
#include <QDialog>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SystemTimingSteps::SystemTimingSteps(const FleetStore &store, const TimingSubject &subject, TimingNotes &notes, QWidget &page)
    : QObject(&page)
    , m_store(store)
    , m_subject(subject)
    , m_notes(notes)
    , m_page(page)
{ }

QString SystemTimingSteps::text() const
{
    const TimingDraft &draft = *m_subject.draft;
    return systemTimingText(draft.library(), draft.base(), draft.profile(), draft.check(), m_store.sourceName(m_subject.source))
           + u'\n' + cannotSetText(draft.library()) + u'\n';
}

void SystemTimingSteps::copy()
{
    if (!m_subject.draft || !m_subject.draft->isSystem())
        return;
    QGuiApplication::clipboard()->setText(text());
    m_notes.setNote(TimingNotes::News, Glyph::Ok, tr("What is to be changed, and where, was copied."), tr("Close"));
}

void SystemTimingSteps::showDiff()
{
    if (!m_subject.draft || !m_subject.draft->isSystem())
        return;
    auto *dialog = selfDeleting(new QDialog(&m_page));
    dialog->setObjectName(u"systemTimingDiff"_s);
    dialog->setWindowTitle(tr("What is to be changed"));
    auto *words = new QPlainTextEdit(text(), dialog);
    words->setReadOnly(true);
    words->setAccessibleName(dialog->windowTitle());
    auto *copyIt = plainButton(tr("&Copy"), u"copyDiff"_s, dialog);
    connect(copyIt, &QPushButton::clicked, this, &SystemTimingSteps::copy);
    auto *close = plainButton(tr("C&lose"), u"closeDiff"_s, dialog, ButtonRole::Primary);
    connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    auto *buttons = hbox(8);
    buttons->addStretch(1);
    addWidgets(buttons, {copyIt, close});
    auto *whole = vbox(dialog, 10, {16, 14, 16, 14});
    whole->addWidget(words, 1);
    whole->addLayout(buttons);
    dialog->resize(px(620), px(380));
    dialog->open();
}

void SystemTimingSteps::chooseFile()
{
    if (!m_subject.draft || !m_subject.draft->isSystem())
        return;
    auto *dialog = selfDeleting(new QFileDialog(&m_page, tr("Export the values"), {}, tr("Text (*.txt);;All files (*)")));
    dialog->setObjectName(u"exportTimingDialog"_s);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"txt"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &SystemTimingSteps::writeTo);
    dialog->open();
}

void SystemTimingSteps::writeTo(const QString &path)
{
    if (!m_subject.draft || !m_subject.draft->isSystem())
        return;
    const QByteArray bytes = text().toUtf8();
    QSaveFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    const QString name = QFileInfo(path).fileName();
    m_notes.setNote(TimingNotes::News, written ? Glyph::Ok : Glyph::Error,
                    written ? tr("The values were written to %1.").arg(name)
                            : tr("%1 could not be written: %2.").arg(name, file.errorString()),
                    tr("Close"));
}

} // namespace pulsedeck
