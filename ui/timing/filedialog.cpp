// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/filedialog.h"

#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FileDialog::FileDialog(TimingFiles &files, const TimingFileAnswer &proposal, const TimingProfile &profile, const WhyNot &whyNot,
                       QWidget *parent)
    : QDialog(parent)
    , m_files(files)
    , m_profile(profile)
    , m_whyNot(whyNot)
    , m_diff(new QListWidget(this))
    , m_notes(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_state(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_write(new QPushButton(tr("Write the file"), this))
    , m_close(new QPushButton(tr("Cancel"), this))
{
    setObjectName(u"timingFileDialog"_s);
    setWindowTitle(tr("Export to %1").arg(QFileInfo(proposal.path).fileName()));
    const Theme &t = Theme::instance();
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(px(8));
    layout->addWidget(
        (new ToneLabel(proposal.path, ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))->elided(Qt::ElideMiddle));
    layout->addWidget(
        (new ToneLabel(tr("Only these values are changed, each in its own unit; comments and order are kept. The old "
                          "file is kept as a backup. Other values and comments are not shown."),
                       ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
            ->wrapped());
    if (const QStringList profiles = proposal.file.profiles(); profiles.size() > 1) {
        m_environment = new QComboBox(this);
        m_environment->setObjectName(u"fileEnvironment"_s);
        m_environment->setAccessibleName(tr("Written to"));
        for (const QString &name : profiles)
            m_environment->addItem(name.isEmpty() ? tr("Top level") : tr("Environment %1").arg(name), name);
        m_environment->setCurrentIndex(m_environment->findData(proposal.environment));
        auto *line = new QHBoxLayout;
        line->addWidget(new ToneLabel(tr("Written to"), ToneLabel::Tone::Text, ToneLabel::Face::Body, this));
        line->addWidget(m_environment);
        line->addStretch(1);
        layout->addLayout(line);
        connect(m_environment, &QComboBox::currentIndexChanged, this,
                [this] { choose(m_environment->currentData().toString()); });
    }
    m_diff->setObjectName(u"fileDiff"_s);
    m_diff->setAccessibleName(tr("Changed lines"));
    m_diff->setFont(t.idFont());
    m_diff->setSelectionMode(QAbstractItemView::NoSelection);
    layout->addWidget(m_diff, 1);
    m_notes->setObjectName(u"fileNotes"_s);
    m_notes->setWordWrap(true);
    layout->addWidget(m_notes);
    m_state->setObjectName(u"fileState"_s);
    m_state->setWordWrap(true);
    layout->addWidget(m_state);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    m_write->setObjectName(u"fileWrite"_s);
    m_write->setAutoDefault(false);
    m_close->setAutoDefault(false);
    setButtonRole(m_write, ButtonRole::Primary);
    addWidgets(buttons, {m_close, m_write});
    layout->addLayout(buttons);
    showProposal(proposal);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_write, &QPushButton::clicked, this, [this] {
        m_write->setEnabled(false);
        if (m_environment)
            m_environment->setEnabled(false);
        m_state->setText(tr("Writing…"));
        m_token = m_files.write(m_proposal);
    });
    connect(&m_files, &TimingFiles::answered, this, &FileDialog::takeAnswer);
    resize(px(640), px(460));
    m_close->setFocus();
}

void FileDialog::showProposal(const TimingFileAnswer &proposal)
{
    m_proposal = proposal;
    m_diff->clear();
    fillDiff();
    QStringList notes;
    for (const TimingFileText::Problem &problem : proposal.file.problems)
        notes.append(timingProblemText(problem));
    if (!proposal.notHeld.empty())
        notes.append(tr("Not set by this file:"));
    for (const QString &text : proposal.notHeld)
        notes.append(QString(u"· "_s + text));
    m_notes->setText(notes.join(u'\n'));
    m_notes->setVisible(!notes.isEmpty());
    const bool same = proposal.proposed == proposal.file.text;
    const QString blocked = m_whyNot(proposal);
    m_write->setEnabled(blocked.isEmpty() && !same);
    m_state->setTone(blocked.isEmpty() ? ToneLabel::Tone::Dim : ToneLabel::Tone::Stale);
    m_state->setText(!blocked.isEmpty() ? blocked : same ? tr("The file already has these values.") : QString());
}

void FileDialog::choose(const QString &environment)
{
    m_write->setEnabled(false);
    m_state->setTone(ToneLabel::Tone::Dim);
    m_state->setText(tr("Reading…"));
    m_proposeToken = m_files.propose(m_proposal.path, m_profile, environment);
}

void FileDialog::fillDiff()
{
    int before = -1;
    for (const TimingDiffLine &line : m_proposal.diff) {
        const bool added = line.kind == TimingDiffLine::Kind::Added;
        const bool removed = line.kind == TimingDiffLine::Kind::Removed;
        // Marks where lines are left out between two changes.
        if (!added && before >= 0 && line.line > before + 1)
            m_diff->addItem(u"      …"_s);
        if (!added)
            before = line.line;
        const QString mark = added ? u"+"_s : removed ? u"−"_s : u" "_s;
        auto *item =
            new QListWidgetItem(u"%1 %2  %3"_s.arg(mark, QString::number(line.line).rightJustified(4), line.text), m_diff);
        item->setForeground(added ? theme().alive : removed ? theme().stale : theme().dim);
        item->setData(Qt::AccessibleTextRole, added     ? tr("added: %1").arg(line.text)
                                              : removed ? tr("removed: %1").arg(line.text)
                                                        : line.text);
    }
    if (m_diff->count() == 0)
        m_diff->addItem(tr("No lines change."));
}

void FileDialog::takeAnswer(const TimingFileAnswer &answer)
{
    if (m_proposeToken != 0 && answer.token == m_proposeToken) {
        m_proposeToken = 0;
        if (answer.ok) {
            showProposal(answer);
        } else {
            m_state->setTone(ToneLabel::Tone::Stale);
            m_state->setText(answer.error);
        }
        return;
    }
    if (m_token == 0 || answer.token != m_token)
        return;
    m_token = 0;
    if (answer.ok) {
        emit written(answer.path, answer.backup);
        accept();
        return;
    }
    // The file may have changed: it has to be chosen again.
    m_state->setTone(ToneLabel::Tone::Stale);
    m_state->setText(answer.error);
    m_close->setText(tr("Close"));
}

} // namespace pulsedeck
