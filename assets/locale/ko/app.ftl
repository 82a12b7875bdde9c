### app: the desktop program around the screens

app-no-display = 창을 띄울 화면이 없습니다. DISPLAY와 WAYLAND_DISPLAY가 모두 비어 있습니다. 바뀐 것은 없습니다. 데스크톱 세션에서 실행하거나 터미널에서 진행하세요: wheel play SCENARIO --text
app-no-vulkan = 창을 띄우는 데 필요한 Vulkan 드라이버가 없습니다. 바뀐 것은 없습니다. 그래픽 카드 드라이버를 설치하거나, 소프트웨어 렌더링용 { $package } 패키지를 설치하거나, 터미널에서 진행하세요: wheel play SCENARIO --text
app-settings-broken = 설정 파일을 읽을 수 없어({ $why }) 따로 옮겨 두고 기본 설정을 씁니다.
app-settings-unsaved = 설정을 저장하지 못했습니다: { $why }
app-paused-gap = 일시정지: 컴퓨터가 잠시 멈춰 있었습니다. 놓친 것은 없습니다.
app-log-unwritten = 세션을 디스크에 기록할 수 없습니다: { $why }. 기록할 수 있을 때까지 시계가 멈춥니다.
app-time-past = 이미 지난 시각입니다.
app-no-scenarios = 휠에 시나리오가 없습니다.
app-exported = 저장한 곳: { $path }
app-not-exported = 저장하지 못했습니다: { $why }
app-nothing-to-export = 끝난 세션이 없습니다
app-not-kept = 이 세션은 디스크에 보관하지 않습니다
app-no-par = 이 시나리오에는 아직 기준 기록이 없어 디브리핑이 없습니다. 로그는 보관했습니다.
app-branch-opened = 분기 { $branch }에서 새 버전으로 진행합니다. { $refused ->
    [0] 지금까지의 입력이 모두 그대로 적용되었습니다.
   *[other] 지금까지의 입력 중 { $refused }건은 적용되지 않았습니다.
}
app-rewound = { $at }에서 갈래 { JOSA($branch, "을/를") } 엽니다. 지금까지의 기록은 그대로 남습니다.
app-leave-title = 세션이 진행 중입니다
app-leave-text = 지금 이 순간까지 디스크에 기록되어 있습니다. 첫 화면에서 이어서 진행할 수 있습니다.
app-leave-quit = 보관하고 닫기
app-leave-title-screen = 보관하고 나가기
app-leave-stay = 계속하기
app-problems = 시나리오 파일 { $n }개에 문제가 있어 마지막 정상 버전을 씁니다.
app-problems-of = { $scenario }의 문제
app-newer = 이 시나리오가 수정되었습니다.
app-newer-branch = 새 버전으로 분기 열기
app-newer-keep = 그대로 계속하기
app-scenario-updated = { $scenario } 시나리오를 다시 읽었습니다.
app-scenario-broken = { $scenario }에 문제가 있어 마지막 정상 버전을 씁니다. { $first }
app-branch-at-end = 이 시점에는 세션이 이미 끝났습니다. 더 이른 시점에서 갈래를 시작하세요.
